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
  private final Duration slack;
  private final Turn turn;
  private final BiConsumer<Flight, AttemptResult> whenEnded;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile Instant endsBy;

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
    this.slack = slack;
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

  /** The node slept: the transport's time begins anew. */
  void restart(Instant now) {
    endsBy = now.plus(timeout).plus(slack);
  }

  /** Ends it, since the transport does not. */
  void giveUp() {
    turn.interrupt();
    accept(AttemptResult.failed(
        AttemptOutcome.INTERNAL,
        "the transport gave no answer, though it had " + timeout.toMillis() + " ms"));
  }
}
