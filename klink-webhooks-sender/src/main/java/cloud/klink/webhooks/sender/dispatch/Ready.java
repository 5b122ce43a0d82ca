package cloud.klink.webhooks.sender.dispatch;

import java.time.Instant;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lanes with something to start, those with the fewest attempts in flight first, and of these the
 * one that has waited longest for its turn. Used by {@link Lanes} only, under its lock.
 */
final class Ready {
  /** Where a lane stands. */
  record Place(boolean isQuick, int inFlight, long turn) {}

  private static final Comparator<Place> FEWEST =
      Comparator.comparingInt(Place::inFlight).thenComparingLong(Place::turn);

  private static final Comparator<Lane> ORDER = Comparator.comparing(Lane::requirePlace, FEWEST);

  private final TreeSet<Lane> quick = new TreeSet<>(ORDER);
  private final TreeSet<Lane> others = new TreeSet<>(ORDER);

  private TreeSet<Lane> row(Place place) {
    return place.isQuick() ? quick : others;
  }

  /** Puts a lane where it belongs, or nowhere if it has nothing to start. */
  void put(Lane lane, boolean starts) {
    Place now = starts ? lane.placeNow() : null;
    Place was = lane.place();
    if (was == null ? now == null : was.equals(now)) {
      return;
    }
    if (was != null) {
      row(was).remove(lane);
    }
    lane.setPlace(now);
    if (now != null) {
      row(now).add(lane);
    }
  }

  boolean hasOthers() {
    return !others.isEmpty();
  }

  /** The first that may start one; null if none may. Of the quick, none may if the first may not. */
  @Nullable
  Lane first(Predicate<Lane> mayStart) {
    Lane one = !quick.isEmpty() && mayStart.test(quick.first()) ? quick.first() : null;
    for (Lane other : others) {
      if (one != null && ORDER.compare(one, other) < 0) {
        return one;
      }
      if (mayStart.test(other)) {
        return other;
      }
    }
    return one;
  }

  /** How many could be started, as far as they are counted; none only if there are none. */
  int startable(int most, Predicate<Lane> mayStart, Instant now) {
    int startable = 0;
    for (Lane lane : quick) {
      if (startable >= most || !mayStart.test(lane)) {
        break;
      }
      startable += lane.startable(now);
    }
    for (Lane lane : others) {
      if (startable >= most) {
        break;
      }
      startable += mayStart.test(lane) ? lane.startable(now) : 0;
    }
    return Math.min(most, startable);
  }
}
