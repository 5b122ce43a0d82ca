package cloud.klink.webhooks.sender.internal.outcome;

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

  private static final Duration AGAIN = Duration.ofSeconds(5);

  /** Each time it is refused, the time until the next doubles, up to this. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** The first pause between two tries of a node that stops; it doubles, too. */
  private static final Duration SOON = Duration.ofMillis(100);

  /** A node that stops gives up what is refused after this pause. */
  private static final Duration LAST = Duration.ofMillis(400);

  private final DispatchRuntime runtime;
  private final Deque<Item> items = new ArrayDeque<>();
  private @Nullable Instant lastRefusal;
  private boolean stopping;
  private final LogThrottle throttle = new LogThrottle(Duration.ofSeconds(10));

  RefusedOutcomes(DispatchRuntime runtime) {
    this.runtime = runtime;
  }

  private static final class Item {
    private final PendingOutcome result;
    private Duration delay;
    private boolean isSuspect;
    private Instant nextAt;

    private Item(PendingOutcome result, boolean isSuspect, Duration delay, Instant now) {
      this.result = result;
      this.isSuspect = isSuspect;
      this.delay = delay;
      this.nextAt = now.plus(delay);
    }
  }

  /**
   * One to be tried again.
   *
   * @param isRefused whether others were committed since, so that it is the outcome that is refused
   * @param delay how long it has waited
   */
  record Again(PendingOutcome result, boolean isRefused, Duration delay) {
    /** One that was not kept before. */
    static Again first(PendingOutcome result) {
      return new Again(result, false, Duration.ZERO);
    }

    boolean isFirst() {
      return delay.isZero();
    }

    private Duration next(Duration first, Duration longest) {
      Duration doubled = isFirst() ? first : delay.multipliedBy(2);
      return doubled.compareTo(longest) < 0 ? doubled : longest;
    }
  }

  /** Keeps an outcome, and says so if it was not kept before; but not each if there are many. */
  synchronized void add(Again again, RuntimeException why) {
    PendingOutcome result = again.result();
    Instant now = runtime.now();
    if (stopping && again.delay().compareTo(LAST) >= 0) {
      giveUp(result, "the sender stops, and the storage still refuses this outcome");
      return;
    }
    if (items.size() >= MAX) {
      giveUp(items.remove().result, "more than " + MAX + " outcomes cannot be written");
    }
    Duration delay = stopping ? again.next(SOON, LAST) : again.next(AGAIN, LONGEST);
    items.add(new Item(result, !again.isRefused(), delay, now));
    if (again.isFirst() && throttle.passes(now)) {
      SafeRunner.log(() -> LOG.error(
          "{}: its outcome cannot be written in any form; it is kept in memory and tried again",
          result.outcome().lease().deliveryId(),
          why));
    }
  }

  private static void giveUp(PendingOutcome result, String why) {
    SafeRunner.log(() -> LOG.error(
        "{}: {}; it is given up, and the delivery is sent again when its lease ends",
        result.outcome().lease().deliveryId(),
        why));
  }

  /** The node stops: all are due, and what is refused a few times more is given up. */
  synchronized void stop() {
    stopping = true;
    for (Item item : items) {
      item.delay = SOON.dividedBy(2);
      item.nextAt = runtime.now();
    }
  }

  /** The storage could not work when it was tried: it is due still. */
  synchronized void putBack(Again again) {
    Item item = new Item(again.result(), !again.isRefused(), again.delay(), runtime.now());
    item.nextAt = runtime.now();
    items.addFirst(item);
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
    items.stream().filter(item -> item.isSuspect).forEach(item -> suspects.add(item.result));
    if (suspects.size() < MAX_SUSPECTS) {
      return List.of();
    }
    items.removeIf(item -> item.isSuspect);
    return suspects;
  }

  /** One that is to be tried again now; it is not kept here any more. */
  synchronized Optional<Again> takeDue(Instant now) {
    for (Item item : items) {
      if (!item.nextAt.isAfter(now)) {
        items.remove(item);
        return Optional.of(new Again(item.result, !item.isSuspect, item.delay));
      }
    }
    return Optional.empty();
  }

  synchronized boolean isDue(Instant now) {
    return items.stream().anyMatch(item -> !item.nextAt.isAfter(now));
  }

  /** When the next one is to be tried again; empty if there is none. */
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
