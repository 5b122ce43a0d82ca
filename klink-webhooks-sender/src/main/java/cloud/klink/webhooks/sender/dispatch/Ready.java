package cloud.klink.webhooks.sender.dispatch;

import java.time.Instant;
import java.util.Comparator;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lanes with something to start, those with the fewest attempts in flight first, and of these the
 * one that has waited longest for its turn. Used by {@link Lanes} only, under its lock.
 */
final class Ready {
  /** Which of the lanes may take which slots. */
  enum Row {
    /** Quick for long enough to be trusted with the last slots. */
    TRUSTED,
    QUICK,
    OTHER
  }

  /** Where a lane stands. */
  record Place(Row row, int inFlight, long turn) {}

  private static final Comparator<Place> FEWEST =
      Comparator.comparingInt(Place::inFlight).thenComparingLong(Place::turn);

  private static final Comparator<Lane> ORDER = Comparator.comparing(Lane::requirePlace, FEWEST);

  private final TreeSet<Lane> trusted = new TreeSet<>(ORDER);
  private final TreeSet<Lane> quick = new TreeSet<>(ORDER);
  private final TreeSet<Lane> others = new TreeSet<>(ORDER);

  private SortedSet<Lane> row(Place place) {
    return switch (place.row()) {
      case TRUSTED -> trusted;
      case QUICK -> quick;
      case OTHER -> others;
    };
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

  /**
   * The first that may start one; null if none may. Of those that are quick, none may if the one
   * with the fewest in flight may not.
   */
  @Nullable
  Lane first(Predicate<Lane> mayStart) {
    Lane best = !trusted.isEmpty() && mayStart.test(trusted.first()) ? trusted.first() : null;
    if (!quick.isEmpty() && isBefore(quick.first(), best) && mayStart.test(quick.first())) {
      best = quick.first();
    }
    for (Lane other : others) {
      if (!isBefore(other, best)) {
        return best;
      }
      if (mayStart.test(other)) {
        return other;
      }
    }
    return best;
  }

  private static boolean isBefore(Lane lane, @Nullable Lane best) {
    return best == null || ORDER.compare(lane, best) < 0;
  }

  /** How many could be started, as far as they are counted; none only if there are none. */
  int startable(int most, Predicate<Lane> mayStart, Instant now) {
    int startable = startable(trusted, most, mayStart, now);
    startable += startable(quick, most - startable, mayStart, now);
    for (Lane lane : others) {
      if (startable >= most) {
        break;
      }
      startable += mayStart.test(lane) ? lane.startable(now) : 0;
    }
    return Math.min(most, startable);
  }

  private static int startable(
      SortedSet<Lane> row, int most, Predicate<Lane> mayStart, Instant now) {
    int startable = 0;
    for (Lane lane : row) {
      if (startable >= most || !mayStart.test(lane)) {
        break;
      }
      startable += lane.startable(now);
    }
    return startable;
  }
}
