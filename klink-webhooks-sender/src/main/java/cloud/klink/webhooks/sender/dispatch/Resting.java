package cloud.klink.webhooks.sender.dispatch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Lanes that wait for a time, first one first. Used by {@link Lanes} only, under its lock. */
final class Resting {
  private final TreeSet<Lane> lanes =
      new TreeSet<>(Comparator.<Lane, Instant>comparing(lane -> Objects.requireNonNull(lane.rest()))
          .thenComparing(Lane::webhookId));

  /** Lets a lane rest until a time, or not any more. */
  void put(Lane lane, @Nullable Instant until) {
    if (lane.rest() != null) {
      lanes.remove(lane);
    }
    lane.setRest(until);
    if (until != null) {
      lanes.add(lane);
    }
  }

  /** Those whose time has come; they rest no more. */
  List<Lane> wake(Instant now) {
    if (lanes.isEmpty()) {
      return List.of();
    }
    List<Lane> woken = new ArrayList<>();
    while (!lanes.isEmpty() && !Objects.requireNonNull(lanes.first().rest()).isAfter(now)) {
      Lane lane = lanes.first();
      put(lane, null);
      woken.add(lane);
    }
    return woken;
  }

  /** When the first one's time comes; null if none rests. */
  @Nullable
  Instant next() {
    return lanes.isEmpty() ? null : lanes.first().rest();
  }
}
