package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An attempt that is being made: the first result that anybody brings ends it, and no other. */
final class Flight implements Consumer<@Nullable AttemptResult> {
  private final Duration timeout;
  private final Instant endsBy;
  private final Turn turn;
  private final BiConsumer<Flight, AttemptResult> whenEnded;
  private final AtomicBoolean ended = new AtomicBoolean();
  private boolean warned;

  /**
   * An attempt that begins.
   *
   * @param start when
   * @param timeout how long the transport has
   * @param slack how much longer it is waited for
   * @param whenEnded told once, by whoever ends it
   */
  Flight(
      Instant start,
      Duration timeout,
      Duration slack,
      Turn turn,
      BiConsumer<Flight, AttemptResult> whenEnded) {
    this.timeout = timeout;
    this.endsBy = start.plus(timeout).plus(slack);
    this.turn = turn;
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
              : AttemptResult.failed(AttemptOutcome.INTERNAL, "the transport gave no result"));
    }
  }

  /** When it must have ended. */
  Instant endsBy() {
    return endsBy;
  }

  /** True from the second time on. For one thread. */
  boolean wasWarned() {
    boolean was = warned;
    warned = true;
    return was;
  }

  /** Ends it, since the transport does not. */
  void giveUp() {
    turn.interrupt();
    accept(AttemptResult.failed(
        AttemptOutcome.INTERNAL,
        "the transport gave no answer, though it had " + timeout.toMillis() + " ms"));
  }
}
