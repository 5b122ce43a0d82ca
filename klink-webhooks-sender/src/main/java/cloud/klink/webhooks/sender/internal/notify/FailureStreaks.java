package cloud.klink.webhooks.sender.internal.notify;

import cloud.klink.webhooks.internal.BoundedMap;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The failures in a row of webhooks, as far as this node made the attempts. */
final class FailureStreaks {
  /** Beyond so many failing webhooks, those that failed longest ago are forgotten. */
  static final int MAX_WEBHOOKS = 10_000;

  private final Map<String, Streak> streaks = BoundedMap.ofRecentlyUsed(MAX_WEBHOOKS);

  /** Failures in a row, and when the first of them ended. */
  record Streak(long failures, Instant since) {}

  synchronized Streak failed(String webhookId, Instant end) {
    return streaks.merge(
        webhookId,
        new Streak(1, end),
        (before, one) -> new Streak(before.failures + 1, before.since));
  }

  /** The failures that a success has ended, if there were any. */
  synchronized Optional<Streak> succeeded(String webhookId) {
    return Optional.ofNullable(streaks.remove(webhookId));
  }
}
