package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest failures of a webhook, in the order of their times. At least as many are kept as any
 * policy has asked for.
 */
final class Failures {
  private static final int MIN_KEPT = 1_000;

  private final List<Failure> newest = new ArrayList<>(0);
  private int kept = MIN_KEPT;

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

  /** Returns the failures that a policy considers, newest first. */
  List<Failure> forPolicy(PausePolicy policy, Instant now, Instant activeSince) {
    kept = Math.max(kept, policy.sample());
    Instant start = now.minus(policy.window());
    List<Failure> found = new ArrayList<>();
    for (int i = newest.size() - 1; i >= 0 && found.size() < policy.sample(); i--) {
      Instant end = newest.get(i).endedAt();
      if (!end.isAfter(start) || end.isBefore(activeSince)) {
        break;
      }
      found.add(newest.get(i));
    }
    return found;
  }
}
