package cloud.klink.webhooks.sender.transport;

import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.util.function.Consumer;

/** One attempt, from when it is asked for until its result is told. */
final class SocketMessage {
  final OutgoingRequest request;
  final long deadline;
  private final Consumer<AttemptResult> whenDone;
  private Timers.Timer timer = Timers.Timer.NONE;
  private boolean over;

  /**
   * An attempt.
   *
   * @param now when it was asked for
   */
  SocketMessage(OutgoingRequest request, Consumer<AttemptResult> whenDone, long now) {
    this.request = request;
    this.whenDone = whenDone;
    this.deadline = now + Math.max(1, request.timeout().toNanos());
  }

  String id() {
    return request.deliveryId();
  }

  String text() {
    return WebSocketMessage.of(id(), request.signature(), request.body().toBytes())
        .text();
  }

  /** What ends it at its deadline. */
  void endsBy(Timers.Timer newTimer) {
    timer = newTimer;
  }

  boolean isOver() {
    return over;
  }

  /** It has ended. The caller tells {@link #report} after that. */
  void end() {
    over = true;
    timer.cancel();
  }

  void report(AttemptResult result) {
    whenDone.accept(result);
  }
}
