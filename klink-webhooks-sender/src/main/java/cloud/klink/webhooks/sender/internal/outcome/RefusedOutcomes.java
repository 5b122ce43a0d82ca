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
 * Outcomes that the storage has refused, even without the attempt. They are suspects until another
 * outcome is committed after them, since the storage may refuse all outcomes. They are tried again
 * at growing intervals.
 */
final class RefusedOutcomes {
  /** The number of consecutive suspects at which the storage is taken to be failing. */
  static final int MAX_SUSPECTS = 10;

  private static final Logger LOG = LoggerFactory.getLogger(RefusedOutcomes.class);

  /**
   * The most outcomes that are kept. Beyond it, the oldest is given up, and its delivery is sent
   * again when its lease ends.
   */
  private static final int MAX_OUTCOMES = 1_000;

  private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

  /** The longest delay; each refusal doubles the delay up to this. */
  private static final Duration MAX_DELAY = Duration.ofMinutes(5);

  /** The first delay during a stop, which doubles, too. */
  private static final Duration FIRST_STOP_DELAY = Duration.ofMillis(100);

  /** The number of refusals during a stop after which an outcome is given up. */
  private static final int MAX_STOP_TRIES = 4;

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
    private final int stopTries;
    private boolean isSuspect;
    private Instant nextAt;

    private Item(Rewrite rewrite, Duration delay, int stopTries, Instant nextAt) {
      this.pending = rewrite.pending();
      this.isSuspect = !rewrite.isRefused();
      this.delay = delay;
      this.stopTries = stopTries;
      this.nextAt = nextAt;
    }
  }

  /**
   * A repeated write of an outcome.
   *
   * @param isRefused whether others were committed since, so that this outcome itself is the reason
   * @param delay the delay before this write
   * @param stopTries how often it was refused during a stop
   */
  record Rewrite(PendingOutcome pending, boolean isRefused, Duration delay, int stopTries) {
    /** The first write of an outcome. */
    static Rewrite first(PendingOutcome pending) {
      return new Rewrite(pending, false, Duration.ZERO, 0);
    }

    boolean isFirst() {
      return delay.isZero();
    }

    private Duration next() {
      return isFirst() ? FIRST_DELAY : Durations.min(delay.multipliedBy(2), MAX_DELAY);
    }
  }

  /** Keeps an outcome, and logs it if it is new, with a limit on the number of lines. */
  synchronized void add(Rewrite rewrite, RuntimeException why) {
    PendingOutcome pending = rewrite.pending();
    Instant now = runtime.now();
    if (stopping) {
      addWhileStopping(rewrite, now);
      return;
    }
    if (items.size() >= MAX_OUTCOMES) {
      giveUp(items.remove().pending, "more than " + MAX_OUTCOMES + " outcomes cannot be written");
    }
    Duration delay = rewrite.next();
    items.add(new Item(rewrite, delay, 0, now.plus(delay)));
    if (rewrite.isFirst() && throttle.tryAcquire(now)) {
      SafeRunner.log(() -> LOG.error(
          "{}: the storage refuses its outcome even without the attempt; the outcome is kept in"
              + " memory and tried again",
          pending.outcome().lease().deliveryId(),
          why));
    }
  }

  private void addWhileStopping(Rewrite rewrite, Instant now) {
    int stopTries = rewrite.stopTries() + 1;
    if (stopTries < MAX_STOP_TRIES) {
      Duration delay = FIRST_STOP_DELAY.multipliedBy(1L << (stopTries - 1));
      items.add(new Item(rewrite, rewrite.delay(), stopTries, now.plus(delay)));
    } else if (throttle.tryAcquire(now)) {
      giveUp(rewrite.pending(), "the sender stops, and the storage still refuses this outcome");
    }
  }

  private static void giveUp(PendingOutcome pending, String why) {
    SafeRunner.log(() -> LOG.error(
        "{}: {}; it is given up, and the delivery is sent again when its lease ends",
        pending.outcome().lease().deliveryId(),
        why));
  }

  /**
   * Begins a stop: all outcomes are due, and those that are refused a few more times are given up.
   */
  synchronized void stop() {
    stopping = true;
    items.forEach(item -> item.nextAt = runtime.now());
  }

  /** Puts an outcome back that is still due, since the storage was not available. */
  synchronized void putBack(Rewrite rewrite) {
    items.addFirst(new Item(rewrite, rewrite.delay(), rewrite.stopTries(), runtime.now()));
  }

  /**
   * Notes that another outcome was committed: suspects are refused themselves, and may be written
   * in part.
   */
  synchronized void committed() {
    for (Item item : items) {
      if (item.isSuspect) {
        item.isSuspect = false;
        item.nextAt = runtime.now();
      }
    }
  }

  /** Removes and returns all suspects, if there are so many that the storage must be failing. */
  synchronized List<PendingOutcome> tooManySuspects() {
    List<PendingOutcome> suspects = new ArrayList<>();
    items.stream().filter(item -> item.isSuspect).forEach(item -> suspects.add(item.pending));
    if (suspects.size() < MAX_SUSPECTS) {
      return List.of();
    }
    items.removeIf(item -> item.isSuspect);
    return suspects;
  }

  /** Removes and returns an outcome that is due to be written again. */
  synchronized Optional<Rewrite> takeDue(Instant now) {
    for (Item item : items) {
      if (!item.nextAt.isAfter(now)) {
        items.remove(item);
        return Optional.of(new Rewrite(item.pending, !item.isSuspect, item.delay, item.stopTries));
      }
    }
    return Optional.empty();
  }

  synchronized boolean isDue(Instant now) {
    return items.stream().anyMatch(item -> !item.nextAt.isAfter(now));
  }

  /** When the next outcome is due; empty if there is none. */
  synchronized Optional<Instant> nextAt() {
    return items.stream().map(item -> item.nextAt).min(Instant::compareTo);
  }

  synchronized int size() {
    return items.size();
  }

  /** Notes that an outcome was written without a part that the storage refused. */
  synchronized void writtenInPart() {
    lastRefusal = runtime.now();
  }

  /** When an outcome was last written without a part that the storage refused. */
  synchronized Optional<Instant> lastRefusal() {
    return Optional.ofNullable(lastRefusal);
  }
}
