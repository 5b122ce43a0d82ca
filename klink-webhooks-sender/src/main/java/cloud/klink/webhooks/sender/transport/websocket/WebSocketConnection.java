package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A webhook's connection to one address, with its state, the messages on it and those that wait for
 * it. All methods but {@link #closeIfIdle} run as tasks of the webhook's {@link SerialExecutor}.
 */
final class WebSocketConnection {
  /**
   * An attempt waits at most this fraction of its remaining time, 1/4, for the end of a back-off.
   */
  private static final int BACKOFF_SHARE = 4;

  /** The state of the connection. */
  enum State {
    /** Not connected; a message opens it. */
    CLOSED,
    /** Not connected; it is opened again after a delay. */
    BACKING_OFF,
    /** Being opened. */
    CONNECTING,
    /** Connected. */
    OPEN,
    /** Closed for good. */
    ENDED
  }

  private final EndpointAddress address;
  private final WebSocketContext context;
  private final Supplier<Optional<WebSocketConnection>> current;
  private final Consumer<WebSocketConnection> whenEnded;
  private final WaitingMessages waiting = new WaitingMessages();
  private final ReplaceableTimer timer;
  private State state = State.CLOSED;
  private UnansweredMessages inFlight = new UnansweredMessages();
  private @Nullable OpenConnection connection;
  private int failures;
  private long retryAt;
  private boolean retired;

  /**
   * A connection that is not connected yet.
   *
   * @param current supplies the webhook's connection for new messages
   * @param whenEnded called when this has ended
   */
  WebSocketConnection(
      EndpointAddress address,
      WebSocketContext context,
      Supplier<Optional<WebSocketConnection>> current,
      Consumer<WebSocketConnection> whenEnded) {
    this.address = address;
    this.context = context;
    this.current = current;
    this.whenEnded = whenEnded;
    this.timer = new ReplaceableTimer(context);
  }

  EndpointAddress address() {
    return address;
  }

  boolean isRetired() {
    return retired;
  }

  /** The attempt of a delivery, if it has not ended. */
  @Nullable
  SocketMessage find(String id) {
    SocketMessage message = waiting.find(id);
    return message == null ? inFlight.find(id) : message;
  }

  // --- attempts

  /** Whether its socket, if it has one, still accepts a message. */
  boolean accepts(String id) {
    return inFlight.accepts(id) && (connection == null || connection.timeLeft() > 0);
  }

  void accept(SocketMessage message) {
    waiting.add(message);
    switch (state) {
      case CLOSED -> connect();
      case BACKING_OFF -> retryBy(timer.now() + (message.deadline - timer.now()) / BACKOFF_SHARE);
      case OPEN -> transmit();
      case CONNECTING, ENDED -> {}
    }
  }

  /** Sends the waiting messages. */
  private void transmit() {
    SocketMessage message = waiting.next();
    while (message != null && state == State.OPEN) {
      switch (socket().send(message.text())) {
        case ACCEPTED -> {
          waiting.remove(message);
          inFlight.add(message, socket().connectedTo());
        }
        case QUEUE_FULL -> {
          waiting.remove(message);
          end(
              message,
              AttemptResult.failed(
                  AttemptOutcome.BROKEN,
                  "the endpoint reads too slowly: too much waits to be sent to it already"));
        }
        case ENDED -> {
          return; // the event of its end follows, after which the messages wait for another socket
        }
      }
      message = waiting.next();
    }
    updateWhenIdle();
  }

  /** The deadline of an attempt has passed. */
  void expire(SocketMessage message) {
    if (message.isOver()) {
      return;
    }
    if (inFlight.remove(message)) {
      end(message, message.unanswered());
      retire(); // a late answer must not be taken for that of the next attempt of the delivery
    } else if (waiting.remove(message)) {
      AttemptResult connectFailure = message.connectFailure();
      end(
          message,
          connectFailure == null ? socket().timedOut(message.request.timeout()) : connectFailure);
      if (waiting.isEmpty() && state == State.CONNECTING) {
        abortConnecting();
      }
    }
    updateWhenIdle();
  }

  private void end(SocketMessage message, AttemptResult result) {
    context.end(message, result);
  }

  // --- the connection

  private void connect() {
    long now = timer.now();
    long deadline = waiting.lastDeadline(now);
    state = State.CONNECTING;
    timer.set(deadline - now, this::deadlinePassed);
    OpenConnection opening = new OpenConnection(this, context);
    connection = opening;
    opening.open(deadline);
  }

  /** The deadlines of all messages for which the socket was opened have passed. */
  private void deadlinePassed() {
    long now = timer.now();
    for (SocketMessage message : waiting.all()) {
      if (message.deadline - now <= 0) {
        expire(message);
      }
    }
    if (state == State.CONNECTING) {
      abortConnecting();
    }
  }

  private void abortConnecting() {
    socket().cancel();
    backOff(true);
  }

  /** Handles the end of a socket: after a failure it waits, and then for a message. */
  private void backOff(boolean isFailure) {
    connection = null;
    inFlight = new UnansweredMessages();
    context.markBusy(this);
    if (retired) {
      moveToSuccessor();
    }
    if (isFailure) {
      failures++;
      state = State.BACKING_OFF;
      long now = timer.now();
      retryAt = now + context.backoff().after(failures);
      timer.set(retryAt - now, this::retry);
      for (SocketMessage message : waiting.all()) {
        retryBy(now + Math.max(Backoff.SHORTEST, (message.deadline - now) / BACKOFF_SHARE));
      }
    } else if (waiting.isEmpty()) {
      state = State.CLOSED;
    } else {
      connect();
    }
  }

  /**
   * Handles the end of the socket of a retired connection. Waiting messages move to the successor,
   * so that each address has one connection. Without a successor, this accepts messages again.
   */
  private void moveToSuccessor() {
    Optional<WebSocketConnection> successor = current.get();
    retired = successor.isPresent();
    successor
        .filter(other -> other.address.equals(address))
        .ifPresent(other ->
            waiting.removeIf(message -> other.accepts(message.id())).forEach(other::accept));
  }

  /** Shortens the back-off, since an attempt waits only until then. */
  private void retryBy(long time) {
    if (time - retryAt < 0) {
      retryAt = time;
      timer.set(time - timer.now(), this::retry);
    }
  }

  private void retry() {
    if (waiting.isEmpty()) {
      state = State.CLOSED;
      updateWhenIdle();
    } else {
      connect();
    }
  }

  // --- events of its socket

  /** Whether a socket is the current one. */
  boolean isCurrent(OpenConnection other) {
    return connection == other;
  }

  void opened() {
    OpenConnection opened = connection;
    if (state == State.CONNECTING && opened != null) {
      state = State.OPEN;
      timer.clear();
      opened.hasOpened();
      transmit();
    }
  }

  void answered(EndpointReply answer) {
    if (state != State.OPEN) {
      return;
    }
    if (!answer.fault().isEmpty()) {
      violated(answer.closeCode(), answer.fault());
      return;
    }
    SocketMessage message = inFlight.answered(answer.id());
    if (message != null) {
      failures = 0;
      end(message, answer.result());
    } else if (inFlight.isFlooded()) {
      violated(
          CloseCodes.POLICY_VIOLATION,
          "too many answers with unknown ids, the last to \"" + answer.id() + "\"");
      return;
    }
    updateWhenIdle();
  }

  void violated(int code, String reason) {
    socket().close(code, reason);
    failAll(
        AttemptResult.failed(
            AttemptOutcome.BROKEN,
            "the connection was closed with " + code + ", since the endpoint sent " + reason),
        true);
  }

  void closing(int code, String reason) {
    socket().close(CloseCodes.NORMAL, "");
    String how = code == CloseCodes.NONE ? "without a code" : "with " + code;
    String why = reason.isEmpty() ? "" : ": " + reason;
    AttemptResult result = AttemptResult.failed(
        AttemptOutcome.BROKEN, "the endpoint closed the connection " + how + why);
    if (CloseCodes.allowsResending(code)) {
      disconnected(result);
    } else {
      failAll(result, !inFlight.isEmpty() || !CloseCodes.isGraceful(code));
    }
  }

  void failed(AttemptResult result) {
    if (state == State.CONNECTING) {
      connectFailed(result);
    } else {
      disconnected(result);
    }
  }

  /**
   * Handles a failure to open a socket. Messages that were sent before wait for the next socket
   * until their deadlines. So do all messages if the endpoint seems to be restarting.
   */
  private void connectFailed(AttemptResult result) {
    waiting.all().forEach(message -> message.connectFailed(result));
    boolean isTemporary = SocketFailures.isTemporary(result);
    boolean isRestarting = context.isRestarting();
    List<SocketMessage> failed =
        waiting.removeIf(message -> !isTemporary || !(isRestarting || message.wasSent()));
    backOff(true);
    failed.forEach(message -> end(message, result));
    updateWhenIdle();
  }

  /**
   * Handles the end of a socket without an error of the endpoint: it closed the socket properly, or
   * the connection was cut. Unanswered messages are sent once more, over another socket.
   */
  private void disconnected(AttemptResult how) {
    List<SocketMessage> resent = new ArrayList<>();
    List<SocketMessage> failed = new ArrayList<>();
    for (SocketMessage message : inFlight.removeAll()) {
      (message.mayResend(how) ? resent : failed).add(message);
    }
    waiting.addFirst(resent);
    context.disconnected();
    backOff(!failed.isEmpty());
    failed.forEach(message -> end(message, how));
    updateWhenIdle();
  }

  /** Handles the end of a socket by an error: the attempts on it fail. */
  private void failAll(AttemptResult result, boolean isFailure) {
    List<SocketMessage> lost = inFlight.removeAll();
    backOff(isFailure);
    lost.forEach(message -> end(message, result));
    updateWhenIdle();
  }

  private OpenSocket socket() {
    return connection == null ? UnopenedSocket.INSTANCE : connection.socket();
  }

  // --- the end

  /** Accepts no more messages, and ends after those that it has. */
  void retire() {
    retired = true;
    updateWhenIdle();
  }

  /** Sets the next step if the connection has no messages. */
  private void updateWhenIdle() {
    if (state == State.ENDED || !waiting.isEmpty() || !inFlight.isEmpty()) {
      context.markBusy(this);
      if (state == State.OPEN) {
        timer.clear();
      }
      return;
    }
    long left = connection == null ? Long.MAX_VALUE : connection.timeLeft();
    if (retired || (state == State.OPEN && left <= 0)) {
      finish(CloseCodes.NORMAL);
    } else if (state == State.OPEN) {
      timer.set(Math.min(left, context.idleTimeout()), () -> finish(CloseCodes.NORMAL));
      context.markIdle(this);
    } else if (state == State.CLOSED) {
      timer.set(context.idleTimeout(), () -> finish(CloseCodes.NORMAL));
    }
  }

  /** Closes the connection if it is still idle when the task runs. May be called by any thread. */
  void closeIfIdle() {
    context.post(() -> {
      if (state == State.OPEN && waiting.isEmpty() && inFlight.isEmpty()) {
        finish(CloseCodes.NORMAL);
      }
    });
  }

  private void finish(int code) {
    if (state == State.OPEN) {
      socket().close(code, "");
    } else {
      socket().cancel();
    }
    state = State.ENDED;
    connection = null;
    timer.clear();
    context.markBusy(this);
    whenEnded.accept(this);
  }

  /** Ends it and all its attempts at once. */
  void closeNow() {
    AttemptResult closed = AttemptResult.failed(AttemptOutcome.INTERNAL, WebhookConnections.CLOSED);
    List<SocketMessage> all = inFlight.removeAll();
    all.addAll(waiting.removeAll());
    finish(CloseCodes.GOING_AWAY);
    all.forEach(message -> end(message, closed));
  }
}
