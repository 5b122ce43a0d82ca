package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import cloud.klink.webhooks.sender.transport.net.Failure;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One attempt, from its request to its result. */
final class SocketMessage {
  /** The most times that a message is sent, each time over another connection. */
  private static final int MAX_SENDS = 2;

  /** The outcomes that concern the connection, and not an answer of the endpoint. */
  private static final Set<AttemptOutcome> CONNECTION_OUTCOMES = EnumSet.of(
      AttemptOutcome.BROKEN,
      AttemptOutcome.TIMED_OUT,
      AttemptOutcome.CONNECTION_REFUSED,
      AttemptOutcome.UNREACHABLE,
      AttemptOutcome.TLS_FAILED);

  final OutgoingRequest request;
  final long deadline;
  private final Consumer<AttemptResult> whenDone;
  private TransportTimer.Timer timer = TransportTimer.Timer.NONE;
  private boolean over;
  private int sends;
  private @Nullable String loss;
  private @Nullable AttemptResult connectFailure;
  private @Nullable String wrongId;
  private @Nullable InetSocketAddress connectedTo;

  /**
   * An attempt.
   *
   * @param now the time of the request
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

  /** Sets the timer that ends it at its deadline. */
  void setTimer(TransportTimer.Timer newTimer) {
    timer = newTimer;
  }

  // --- events

  void sentTo(@Nullable InetSocketAddress address) {
    sends++;
    wrongId = null;
    connectedTo = address;
  }

  /** Whether it was sent over a connection. If it waits for one, that connection has ended. */
  boolean wasSent() {
    return sends > 0;
  }

  /**
   * The connection over which it was sent has ended without an error of the endpoint.
   *
   * @return whether it may be sent again, over another connection
   */
  boolean mayResend(AttemptResult how) {
    boolean mayResend = sends < MAX_SENDS;
    if (mayResend) {
      loss = how.error();
      connectedTo = null;
    }
    return mayResend;
  }

  /** A connection for which it waited could not be opened. */
  void connectFailed(AttemptResult how) {
    connectFailure = how;
  }

  /** The last failure to open a connection for which it waited; null if there was none. */
  @Nullable
  AttemptResult connectFailure() {
    return connectFailure;
  }

  /** While it waited for its answer, the endpoint answered an id that was never sent. */
  void answeredWrongId(String id) {
    if (!request.eventId().equals(wrongId)) {
      wrongId = id;
    }
  }

  /**
   * The result without an answer in time; it names a wrong id that the endpoint answered meanwhile.
   */
  AttemptResult unanswered() {
    String text =
        "timed out after " + Failure.text(request.timeout()) + " while waiting for the ack";
    if (wrongId != null) {
      text += "; the endpoint answered \"" + wrongId + "\", which is "
          + (wrongId.equals(request.eventId())
              ? "the event's id (body.id): it must answer the message's id"
              : "the id of no message on this connection");
    }
    return AttemptResult.failed(AttemptOutcome.TIMED_OUT, text);
  }

  // --- its end

  boolean isOver() {
    return over;
  }

  /** Ends it. The caller then calls {@link #report}. */
  void end() {
    over = true;
    timer.cancel();
  }

  void report(AttemptResult result) {
    AttemptResult reported = result;
    if (loss != null
        && !loss.equals(result.error())
        && CONNECTION_OUTCOMES.contains(result.outcome())) {
      reported = new AttemptResult(
          result.outcome(),
          result.status(),
          result.retryAfter(),
          result.error() + "; before that: " + loss,
          result.trace(),
          result.response(),
          result.responseHeaders(),
          result.connectedTo(),
          false);
    }
    if (connectedTo != null && result.connectedTo().isEmpty()) {
      reported = reported.withConnectedTo(connectedTo);
    }
    whenDone.accept(sends > 1 ? reported.afterSendingAgain() : reported);
  }
}
