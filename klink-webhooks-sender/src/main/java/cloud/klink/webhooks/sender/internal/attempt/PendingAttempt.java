package cloud.klink.webhooks.sender.internal.attempt;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An attempt in progress. The first result ends it; later ones are ignored. */
final class PendingAttempt implements Consumer<@Nullable AttemptResult> {
  /** A node that seems to sleep more often is in fact overloaded. */
  private static final int MAX_RESTARTS = 3;

  private final Duration timeout;
  private final Duration slack;
  private final CallerThreadTracker tracker;
  private final BiConsumer<PendingAttempt, AttemptResult> whenEnded;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile Instant deadline;
  private int restarts;

  /**
   * An attempt at its begin.
   *
   * @param start the time of its begin
   * @param timeout the transport's time limit
   * @param slack how much longer the sender waits
   * @param whenEnded called once, by the thread that ends it
   */
  PendingAttempt(
      Instant start,
      Duration timeout,
      Duration slack,
      CallerThreadTracker tracker,
      BiConsumer<PendingAttempt, AttemptResult> whenEnded) {
    this.timeout = timeout;
    this.slack = slack;
    this.deadline = start.plus(timeout).plus(slack);
    this.tracker = tracker;
    this.whenEnded = whenEnded;
  }

  /** Takes a transport's result, which may be null and may be repeated. */
  @Override
  public void accept(@Nullable AttemptResult result) {
    if (ended.compareAndSet(false, true)) {
      whenEnded.accept(
          this,
          result != null
              ? result
              : AttemptResult.failed(AttemptOutcome.INTERNAL, "the transport returned no result"));
    }
  }

  /** The time by which it must have ended. */
  Instant deadline() {
    return deadline;
  }

  /**
   * Restarts the transport's time after a sleep, a limited number of times. Only one thread may
   * call this at a time.
   */
  void restart(Instant now) {
    if (restarts < MAX_RESTARTS) {
      restarts++;
      deadline = now.plus(timeout).plus(slack);
    }
  }

  /** Ends it with a failure, since the transport does not end it. */
  void fail() {
    tracker.interrupt();
    accept(AttemptResult.failed(
        AttemptOutcome.INTERNAL,
        "the transport gave no result within " + timeout.toMillis() + " ms"));
  }
}
