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

/** One attempt, from when it is asked for until its result is told. */
final class SocketMessage {
  /** How often a message is sent at most, each time over another connection. */
  private static final int MAX_SENDS = 2;

  /** What happens between two machines, rather than what one of them says. */
  private static final Set<AttemptOutcome> OF_CONNECTIONS = EnumSet.of(
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
  private @Nullable AttemptResult failedTry;
  private @Nullable String strayAnswer;
  private @Nullable InetSocketAddress connectedTo;

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
  void endsBy(TransportTimer.Timer newTimer) {
    timer = newTimer;
  }

  // --- what happens to it

  void sentTo(@Nullable InetSocketAddress address) {
    sends++;
    strayAnswer = null;
    connectedTo = address;
  }

  /** Whether it was sent over a connection, which has ended if it waits for one. */
  boolean wasSent() {
    return sends > 0;
  }

  /**
   * The connection that it was on has ended, by no fault of the endpoint's that is known.
   *
   * @return whether it may be sent over another one
   */
  boolean isLost(AttemptResult how) {
    boolean mayBeSentAgain = sends < MAX_SENDS;
    if (mayBeSentAgain) {
      loss = how.error();
      connectedTo = null;
    }
    return mayBeSentAgain;
  }

  /** A try to open a connection that it waited for has failed. */
  void tryFailed(AttemptResult how) {
    failedTry = how;
  }

  /** What came of the last try that it waited for, if one has failed. */
  @Nullable
  AttemptResult failedTry() {
    return failedTry;
  }

  /** While it waited for its answer, the endpoint answered an id that it was never sent. */
  void answeredInsteadOfIt(String id) {
    if (!request.eventId().equals(strayAnswer)) {
      strayAnswer = id;
    }
  }

  /** No answer came in time, and perhaps one that can be told to be a mistake. */
  AttemptResult unanswered() {
    String text =
        "timed out after " + Failure.text(request.timeout()) + " while waiting for the ack";
    if (strayAnswer != null) {
      text += "; the endpoint answered \"" + strayAnswer + "\", which is "
          + (strayAnswer.equals(request.eventId())
              ? "the event's id (body.id): it must answer the message's id"
              : "the id of no message on this connection");
    }
    return AttemptResult.failed(AttemptOutcome.TIMED_OUT, text);
  }

  // --- its end

  boolean isOver() {
    return over;
  }

  /** It has ended. The caller tells {@link #report} after that. */
  void end() {
    over = true;
    timer.cancel();
  }

  void report(AttemptResult result) {
    AttemptResult told = result;
    if (loss != null && !loss.equals(result.error()) && OF_CONNECTIONS.contains(result.outcome())) {
      told = new AttemptResult(
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
      told = told.withConnectedTo(connectedTo);
    }
    whenDone.accept(sends > 1 ? told.afterSendingAgain() : told);
  }
}
