package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.LogThrottle;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Outcomes that could not be written: the storage refuses them, or fails at them, or another
 * session has locked their delivery. They are tried again at growing intervals.
 *
 * <p>Those that are refused, or at which the storage fails, are suspects until another outcome is
 * committed after them, since the storage may take no outcome at all. Many suspects show that.
 */
final class SetAsideOutcomes {
  /** The number of suspects at which the storage is taken to be failing. */
  private static final int MAX_SUSPECTS = 10;

  private static final Logger LOG = LoggerFactory.getLogger(SetAsideOutcomes.class);

  /**
   * The most outcomes that are kept. Beyond it, the oldest is given up, and its delivery is sent
   * again when its lease ends.
   */
  private static final int MAX_OUTCOMES = 1_000;

  /**
   * The longest delay of a suspect. It is that of a failed write, since the storage itself may be
   * the reason.
   */
  private static final Duration MAX_SUSPECT_DELAY = Duration.ofSeconds(5);

  /** The first delay during a stop, which doubles, too. */
  private static final Duration FIRST_STOP_DELAY = Duration.ofMillis(100);

  /** The number of refusals during a stop after which an outcome is given up. */
  private static final int MAX_STOP_TRIES = 4;

  private final DispatchRuntime runtime;
  private final Deque<Item> items = new ArrayDeque<>();

  /** The outcome that is being written again. It counts until it is written or given up. */
  private @Nullable Item tried;

  private @Nullable Instant lastRefusal;
  private @Nullable Throwable newFailure;
  private boolean stopping;
  private final LogThrottle throttle = new LogThrottle(Duration.ofSeconds(10));

  SetAsideOutcomes(DispatchRuntime runtime) {
    this.runtime = runtime;
  }

  /** Why an outcome is set aside. Each further try doubles the delay up to the longest one. */
  enum Cause {
    REFUSED("the storage refuses its outcome even without the attempt", 1_000, 300_000),

    /** Perhaps after it has committed the outcome. */
    FAILED("the storage fails when its outcome is written", 100, 300_000),

    LOCKED("another session has locked its row", 1_000, 30_000);

    private final String text;
    private final Duration firstDelay;
    private final Duration maxDelay;

    Cause(String text, long firstDelayMillis, long maxDelayMillis) {
      this.text = text;
      this.firstDelay = Duration.ofMillis(firstDelayMillis);
      this.maxDelay = Duration.ofMillis(maxDelayMillis);
    }

    private Duration next(Duration delay) {
      return delay.isZero() ? firstDelay : Durations.min(delay.multipliedBy(2), maxDelay);
    }
  }

  private static final class Item {
    private final PendingOutcome pending;
    private final Cause cause;
    private final Duration delay;
    private final int stopTries;
    private boolean isSuspect;
    private Instant nextAt;

    private Item(Rewrite rewrite, Cause cause, Duration delay, int stopTries, Instant nextAt) {
      this.pending = rewrite.pending();
      this.cause = cause;
      this.isSuspect = cause != Cause.LOCKED && !rewrite.isProven();
      this.delay = delay;
      this.stopTries = stopTries;
      this.nextAt = nextAt;
    }

    private String deliveryId() {
      return pending.deliveryId();
    }
  }

  /**
   * A repeated write of an outcome.
   *
   * @param cause why it was set aside; null if it was not
   * @param isProven whether others were committed since, so that this outcome itself is the reason
   * @param delay the delay before this write
   * @param stopTries how often it could not be written during a stop
   */
  record Rewrite(
      PendingOutcome pending,
      @Nullable Cause cause,
      boolean isProven,
      Duration delay,
      int stopTries) {
    /** The first write of an outcome. */
    static Rewrite first(PendingOutcome pending) {
      return new Rewrite(pending, null, false, Duration.ZERO, 0);
    }

    /** The same write, when the storage itself may be the reason. */
    Rewrite asSuspect() {
      return new Rewrite(pending, cause, false, delay, stopTries);
    }

    /** Whether the outcome may be written without its attempt. */
    boolean isRefused() {
      return cause == Cause.REFUSED && isProven;
    }
  }

  /** Keeps an outcome, and logs it if it is new, with a limit on the number of lines. */
  synchronized void add(Rewrite rewrite, Cause cause, @Nullable Throwable why) {
    Instant now = runtime.now();
    tried = null;
    boolean mayBeUnavailable = cause == Cause.FAILED && !rewrite.isProven();
    if (stopping && !mayBeUnavailable) {
      addWhileStopping(rewrite, cause, now);
      return;
    }
    if (items.size() >= MAX_OUTCOMES) {
      giveUp(items.remove().pending, "more than " + MAX_OUTCOMES + " outcomes cannot be written");
    }
    Item item = new Item(rewrite, cause, cause.next(rewrite.delay()), rewrite.stopTries(), now);
    item.nextAt =
        now.plus(item.isSuspect ? Durations.min(item.delay, MAX_SUSPECT_DELAY) : item.delay);
    items.add(item);
    newFailure = item.isSuspect ? why : null;
    if (rewrite.cause() == null && throttle.tryAcquire(now)) {
      SafeRunner.log(() -> LOG.error(
          "{}: {}; the outcome is kept in memory and tried again",
          rewrite.pending().deliveryId(),
          cause.text,
          why));
    }
  }

  private void addWhileStopping(Rewrite rewrite, Cause cause, Instant now) {
    int stopTries = rewrite.stopTries() + 1;
    if (stopTries < MAX_STOP_TRIES) {
      Duration delay = FIRST_STOP_DELAY.multipliedBy(1L << (stopTries - 1));
      items.add(new Item(rewrite, cause, rewrite.delay(), stopTries, now.plus(delay)));
    } else if (throttle.tryAcquire(now)) {
      giveUp(rewrite.pending(), "the sender stops, and " + cause.text);
    }
  }

  private static void giveUp(PendingOutcome pending, String why) {
    SafeRunner.log(() -> LOG.error(
        "{}: {}; it is given up, and the delivery is sent again when its lease ends",
        pending.deliveryId(),
        why));
  }

  /**
   * Begins a stop: all outcomes are due, and those that still cannot be written a few more times
   * are given up.
   */
  synchronized void stop() {
    stopping = true;
    items.forEach(item -> item.nextAt = runtime.now());
  }

  /**
   * Notes that another outcome was committed: it is proven that the storage does not take the
   * suspects, and refused ones may be written in part.
   */
  synchronized void committed() {
    for (Item item : items) {
      if (item.isSuspect) {
        item.isSuspect = false;
        item.nextAt = runtime.now();
      }
    }
  }

  /**
   * Makes the outcomes due of deliveries of which later outcomes were written: listeners are told
   * of those only when it is known what became of the earlier ones.
   */
  synchronized void hasten(List<PendingOutcome> written) {
    if (!items.isEmpty()) {
      Set<String> ids =
          written.stream().map(PendingOutcome::deliveryId).collect(Collectors.toSet());
      items.stream()
          .filter(item -> ids.contains(item.deliveryId()))
          .forEach(item -> item.nextAt = runtime.now());
    }
  }

  /** The number of outcomes that may be kept only since the storage takes none at all. */
  synchronized int suspects() {
    return (int) all().filter(item -> item.isSuspect).count();
  }

  /**
   * Why the outcome could not be written that was set aside since the last call. Empty if there are
   * only a few suspects, so that the storage need not be failing.
   */
  synchronized Optional<Throwable> takeFailure() {
    Optional<Throwable> failure = Optional.ofNullable(newFailure);
    newFailure = null;
    return failure.filter(why -> suspects() >= MAX_SUSPECTS);
  }

  private Stream<Item> all() {
    return Stream.concat(items.stream(), Stream.ofNullable(tried));
  }

  /** Takes an outcome that is due to be written again; {@link #endTry} must follow. */
  synchronized Optional<Rewrite> takeDue(Instant now) {
    for (Item item : items) {
      if (!item.nextAt.isAfter(now)) {
        items.remove(item);
        tried = item;
        return Optional.of(
            new Rewrite(item.pending, item.cause, !item.isSuspect, item.delay, item.stopTries));
      }
    }
    return Optional.empty();
  }

  /** Notes that the write of the outcome that was taken has ended; it may have been added again. */
  synchronized void endTry() {
    tried = null;
  }

  synchronized boolean isDue(Instant now) {
    return items.stream().anyMatch(item -> !item.nextAt.isAfter(now));
  }

  /** When the next outcome is due; empty if there is none. */
  synchronized Optional<Instant> nextAt() {
    return items.stream().map(item -> item.nextAt).min(Instant::compareTo);
  }

  synchronized boolean contains(String deliveryId) {
    return all().anyMatch(item -> item.deliveryId().equals(deliveryId));
  }

  synchronized int size() {
    return (int) all().count();
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
