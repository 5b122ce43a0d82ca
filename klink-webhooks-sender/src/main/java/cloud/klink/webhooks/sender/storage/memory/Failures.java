package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.sender.storage.FailureWatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** When the newest failures of a webhook ended, in order; as many as anybody asked for. */
final class Failures {
  private static final int LEAST_KEPT = 1_000;

  private final List<Instant> ends = new ArrayList<>(0);
  private int kept = LEAST_KEPT;

  void add(Instant end) {
    int place = ends.size();
    while (place > 0 && ends.get(place - 1).isAfter(end)) {
      place--;
    }
    ends.add(place, end);
    if (ends.size() > 2 * kept) {
      ends.subList(0, ends.size() - kept).clear();
    }
  }

  /** Those that a watch wants to see, newest first. */
  List<Instant> seenBy(FailureWatch watch, Instant now, Instant activeSince) {
    kept = Math.max(kept, watch.sample());
    Instant start = now.minus(watch.window());
    List<Instant> seen = new ArrayList<>();
    for (int i = ends.size() - 1; i >= 0 && seen.size() < watch.sample(); i--) {
      Instant end = ends.get(i);
      if (!end.isAfter(start) || end.isBefore(activeSince)) {
        break;
      }
      seen.add(end);
    }
    return seen;
  }
}
