package cloud.klink.webhooks.sender.internal.attempt;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An attempt that is under way. The first result ends it; later ones are ignored. */
final class PendingAttempt implements Consumer<@Nullable AttemptResult> {
  /** A node that seems to sleep again and again is a busy one. */
  private static final int MAX_RESTARTS = 3;

  private final Duration timeout;
  private final Duration slack;
  private final CallerThreadTracker tracker;
  private final BiConsumer<PendingAttempt, AttemptResult> whenEnded;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile Instant endsBy;
  private int restarts;

  /**
   * An attempt that begins.
   *
   * @param start when
   * @param timeout how long the transport has
   * @param slack how much longer it is waited for
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
    this.endsBy = start.plus(timeout).plus(slack);
    this.tracker = tracker;
    this.whenEnded = whenEnded;
  }

  /** From a transport, which may say anything, as often as it likes. */
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

  /** When it must have ended. */
  Instant endsBy() {
    return endsBy;
  }

  /** The node slept: the transport's time begins anew, but not for ever. For one thread. */
  void restart(Instant now) {
    if (restarts < MAX_RESTARTS) {
      restarts++;
      endsBy = now.plus(timeout).plus(slack);
    }
  }

  /** Ends it, since the transport does not. */
  void giveUp() {
    tracker.interrupt();
    accept(AttemptResult.failed(
        AttemptOutcome.INTERNAL,
        "the transport gave no answer, though it had " + timeout.toMillis() + " ms"));
  }
}
