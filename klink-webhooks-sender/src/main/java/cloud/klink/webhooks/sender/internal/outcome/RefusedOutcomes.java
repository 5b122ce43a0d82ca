package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.LogThrottle;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Outcomes that the storage did not take, in whatever form. As long as nothing else is committed
 * after them, they are suspects: perhaps the storage takes nothing at all. Now and then they are
 * tried again.
 */
final class RefusedOutcomes {
  /** So many suspects in a row, and the storage is taken to be out of order. */
  static final int MAX_SUSPECTS = 10;

  private static final Logger LOG = LoggerFactory.getLogger(RefusedOutcomes.class);

  /** Beyond so many, the oldest is given up: it is sent again when its lease ends. */
  private static final int MAX = 1_000;

  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** Each time it is refused, the time until the next doubles, up to this. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** The first pause between two tries of a node that stops; it doubles, too. */
  private static final Duration SOON = Duration.ofMillis(100);

  /** A node that stops gives up what is refused so often. */
  private static final int LAST_TRIES = 4;

  private final DispatchRuntime runtime;
  private final Deque<Item> items = new ArrayDeque<>();
  private @Nullable Instant lastRefusal;
  private boolean stopping;
  private final LogThrottle throttle = new LogThrottle(Duration.ofSeconds(10));

  RefusedOutcomes(DispatchRuntime runtime) {
    this.runtime = runtime;
  }

  private static final class Item {
    private final PendingOutcome pending;
    private final Duration delay;
    private final int lastTries;
    private boolean isSuspect;
    private Instant nextAt;

    private Item(Again tried, Duration delay, int lastTries, Instant nextAt) {
      this.pending = tried.pending();
      this.isSuspect = !tried.isRefused();
      this.delay = delay;
      this.lastTries = lastTries;
      this.nextAt = nextAt;
    }
  }

  /**
   * An outcome that is due to be written again.
   *
   * @param isRefused whether others were committed since, so that this outcome is the reason
   * @param delay how long it has waited
   * @param lastTries how often it was refused since the node was told to stop
   */
  record Again(PendingOutcome pending, boolean isRefused, Duration delay, int lastTries) {
    /** One that was not kept before. */
    static Again first(PendingOutcome pending) {
      return new Again(pending, false, Duration.ZERO, 0);
    }

    boolean isFirst() {
      return delay.isZero();
    }

    private Duration next() {
      return isFirst() ? AGAIN : Durations.min(delay.multipliedBy(2), LONGEST);
    }
  }

  /** Keeps an outcome, and says so if it was not kept before; but not each if there are many. */
  synchronized void add(Again again, RuntimeException why) {
    PendingOutcome pending = again.pending();
    Instant now = runtime.now();
    if (stopping) {
      addWhileStopping(again, now);
      return;
    }
    if (items.size() >= MAX) {
      giveUp(items.remove().pending, "more than " + MAX + " outcomes cannot be written");
    }
    Duration delay = again.next();
    items.add(new Item(again, delay, 0, now.plus(delay)));
    if (again.isFirst() && throttle.tryAcquire(now)) {
      SafeRunner.log(() -> LOG.error(
          "{}: its outcome cannot be written in any form; it is kept in memory and tried again",
          pending.outcome().lease().deliveryId(),
          why));
    }
  }

  private void addWhileStopping(Again again, Instant now) {
    int lastTries = again.lastTries() + 1;
    if (lastTries < LAST_TRIES) {
      Duration delay = SOON.multipliedBy(1L << (lastTries - 1));
      items.add(new Item(again, again.delay(), lastTries, now.plus(delay)));
    } else if (throttle.tryAcquire(now)) {
      giveUp(again.pending(), "the sender stops, and the storage refuses this outcome still");
    }
  }

  private static void giveUp(PendingOutcome pending, String why) {
    SafeRunner.log(() -> LOG.error(
        "{}: {}; it is given up, and the delivery is sent again when its lease ends",
        pending.outcome().lease().deliveryId(),
        why));
  }

  /** The node stops: all are due, and what is refused a few times more is given up. */
  synchronized void stop() {
    stopping = true;
    items.forEach(item -> item.nextAt = runtime.now());
  }

  /** The storage could not work when it was tried: it is due still. */
  synchronized void putBack(Again again) {
    items.addFirst(new Item(again, again.delay(), again.lastTries(), runtime.now()));
  }

  /** Something else was committed: suspects are refused, and may be written in part. */
  synchronized void committed() {
    for (Item item : items) {
      if (item.isSuspect) {
        item.isSuspect = false;
        item.nextAt = runtime.now();
      }
    }
  }

  /** All suspects, if there are so many that the storage must be out of order. */
  synchronized List<PendingOutcome> tooManySuspects() {
    List<PendingOutcome> suspects = new ArrayList<>();
    items.stream().filter(item -> item.isSuspect).forEach(item -> suspects.add(item.pending));
    if (suspects.size() < MAX_SUSPECTS) {
      return List.of();
    }
    items.removeIf(item -> item.isSuspect);
    return suspects;
  }

  /** Removes and returns one that is due to be written again. */
  synchronized Optional<Again> takeDue(Instant now) {
    for (Item item : items) {
      if (!item.nextAt.isAfter(now)) {
        items.remove(item);
        return Optional.of(new Again(item.pending, !item.isSuspect, item.delay, item.lastTries));
      }
    }
    return Optional.empty();
  }

  synchronized boolean isDue(Instant now) {
    return items.stream().anyMatch(item -> !item.nextAt.isAfter(now));
  }

  /** When the next one is due; empty if there is none. */
  synchronized Optional<Instant> nextAt() {
    return items.stream().map(item -> item.nextAt).min(Instant::compareTo);
  }

  synchronized int size() {
    return items.size();
  }

  /** An outcome was written without a part that the storage refused. */
  synchronized void writtenInPart() {
    lastRefusal = runtime.now();
  }

  /** When an outcome was written last without a part that the storage refused. */
  synchronized Optional<Instant> lastRefusal() {
    return Optional.ofNullable(lastRefusal);
  }
}
