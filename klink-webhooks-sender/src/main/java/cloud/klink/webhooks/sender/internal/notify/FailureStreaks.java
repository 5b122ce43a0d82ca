package cloud.klink.webhooks.sender.internal.notify;

import cloud.klink.webhooks.internal.BoundedMap;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The consecutive failures of each webhook, of the attempts that this node made. */
final class FailureStreaks {
  /**
   * The most failing webhooks that are kept; beyond it, those that failed longest ago are
   * forgotten.
   */
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

  /** Ends a streak; returns the failures before this success, if there were any. */
  synchronized Optional<Streak> succeeded(String webhookId) {
    return Optional.ofNullable(streaks.remove(webhookId));
  }
}
