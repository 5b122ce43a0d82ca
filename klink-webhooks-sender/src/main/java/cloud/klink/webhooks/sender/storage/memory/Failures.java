package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The newest failures of a webhook, in the order of their newest; as many as anybody asked for. */
final class Failures {
  private static final int LEAST_KEPT = 1_000;

  private final List<Failure> newest = new ArrayList<>(0);
  private int kept = LEAST_KEPT;

  void add(Failure failure) {
    int place = newest.size();
    while (place > 0 && newest.get(place - 1).endedAt().isAfter(failure.endedAt())) {
      place--;
    }
    newest.add(place, failure);
    if (newest.size() > 2 * kept) {
      newest.subList(0, newest.size() - kept).clear();
    }
  }

  /** Those that a policy wants to see, newest first. */
  List<Failure> seenBy(PausePolicy policy, Instant now, Instant activeSince) {
    kept = Math.max(kept, policy.sample());
    Instant start = now.minus(policy.window());
    List<Failure> seen = new ArrayList<>();
    for (int i = newest.size() - 1; i >= 0 && seen.size() < policy.sample(); i--) {
      Instant end = newest.get(i).endedAt();
      if (!end.isAfter(start) || end.isBefore(activeSince)) {
        break;
      }
      seen.add(newest.get(i));
    }
    return seen;
  }
}
