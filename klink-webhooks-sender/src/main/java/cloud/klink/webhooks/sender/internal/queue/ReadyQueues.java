package cloud.klink.webhooks.sender.internal.queue;

import java.time.Instant;
import java.util.Comparator;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Queues with startable deliveries, ordered by their attempts in flight, and for equal numbers by
 * the time since their last turn. Used by {@link DispatchQueue} only, under its lock.
 */
final class ReadyQueues {
  /** Which slots a queue may use. */
  enum Row {
    /** Quick for long enough to get the last slots. */
    TRUSTED,
    QUICK,
    OTHER
  }

  /** The position of a queue. */
  record Place(Row row, int inFlight, long turn) {}

  private static final Comparator<Place> FEWEST =
      Comparator.comparingInt(Place::inFlight).thenComparingLong(Place::turn);

  private static final Comparator<WebhookQueue> ORDER =
      Comparator.comparing(WebhookQueue::requirePlace, FEWEST);

  private final TreeSet<WebhookQueue> trusted = new TreeSet<>(ORDER);
  private final TreeSet<WebhookQueue> quick = new TreeSet<>(ORDER);
  private final TreeSet<WebhookQueue> others = new TreeSet<>(ORDER);

  private SortedSet<WebhookQueue> row(Place place) {
    return switch (place.row()) {
      case TRUSTED -> trusted;
      case QUICK -> quick;
      case OTHER -> others;
    };
  }

  /** Moves a queue to its position, or removes it if it has no startable delivery. */
  void put(WebhookQueue queue, boolean starts) {
    Place now = starts ? queue.placeNow() : null;
    Place was = queue.place();
    if (was == null ? now == null : was.equals(now)) {
      return;
    }
    if (was != null) {
      row(was).remove(queue);
    }
    queue.setPlace(now);
    if (now != null) {
      row(now).add(queue);
    }
  }

  boolean hasOthers() {
    return !others.isEmpty();
  }

  /**
   * The first queue that may start an attempt; null if none may. If the quick queue with the fewest
   * attempts in flight may not, no quick one may.
   */
  @Nullable
  WebhookQueue first(Predicate<WebhookQueue> mayStart) {
    WebhookQueue best =
        !trusted.isEmpty() && mayStart.test(trusted.first()) ? trusted.first() : null;
    if (!quick.isEmpty() && isBefore(quick.first(), best) && mayStart.test(quick.first())) {
      best = quick.first();
    }
    for (WebhookQueue other : others) {
      if (!isBefore(other, best)) {
        return best;
      }
      if (mayStart.test(other)) {
        return other;
      }
    }
    return best;
  }

  private static boolean isBefore(WebhookQueue queue, @Nullable WebhookQueue best) {
    return best == null || ORDER.compare(queue, best) < 0;
  }

  /** How many attempts could be started, up to a limit; 0 only if none can. */
  int startable(int most, Predicate<WebhookQueue> mayStart, Instant now) {
    int startable = startable(trusted, most, mayStart, now);
    startable += startable(quick, most - startable, mayStart, now);
    for (WebhookQueue queue : others) {
      if (startable >= most) {
        break;
      }
      startable += mayStart.test(queue) ? queue.startable(now) : 0;
    }
    return Math.min(most, startable);
  }

  private static int startable(
      SortedSet<WebhookQueue> row, int most, Predicate<WebhookQueue> mayStart, Instant now) {
    int startable = 0;
    for (WebhookQueue queue : row) {
      if (startable >= most || !mayStart.test(queue)) {
        break;
      }
      startable += queue.startable(now);
    }
    return startable;
  }
}
