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
 * A webhook's connection to one address: whether there is one, what is on it, what is waiting for
 * it. Everything but {@link #closeIfIdle} runs as a task of the webhook's {@link SerialExecutor}.
 */
final class WebSocketConnection {
  /** Of the time that an attempt has left, it waits this part for the end of a back-off at most. */
  private static final int PART = 4;

  /** How the connection is. */
  enum State {
    /** Not connected, and not tried before it is needed. */
    CLOSED,
    /** Not connected; the next try waits. */
    BACKING_OFF,
    /** It is being opened. */
    CONNECTING,
    /** Messages go over it. */
    OPEN,
    /** It was given up. */
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
   * Not connected.
   *
   * @param current tells the connection of the webhook that messages go to
   * @param whenEnded told when nothing more will come of it
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

  /** The attempt at a delivery, if it has not ended. */
  @Nullable
  SocketMessage find(String id) {
    SocketMessage message = waiting.find(id);
    return message == null ? inFlight.find(id) : message;
  }

  // --- attempts

  /** Whether its connection, if it has one, may take a message still. */
  boolean takes(String id) {
    return inFlight.takes(id) && (connection == null || connection.timeLeft() > 0);
  }

  void accept(SocketMessage message) {
    waiting.add(message);
    switch (state) {
      case CLOSED -> connect();
      case BACKING_OFF -> retryBy(timer.now() + (message.deadline - timer.now()) / PART);
      case OPEN -> transmit();
      case CONNECTING, ENDED -> {}
    }
  }

  /** Sends the waiting messages. */
  private void transmit() {
    SocketMessage message = waiting.next();
    while (message != null && state == State.OPEN) {
      switch (socket().send(message.text())) {
        case YES -> {
          waiting.remove(message);
          inFlight.add(message, socket().connectedTo());
        }
        case TOO_MUCH -> {
          waiting.remove(message);
          end(
              message,
              AttemptResult.failed(
                  AttemptOutcome.BROKEN,
                  "the endpoint reads too slowly: too much waits to be sent to it already"));
        }
        case ENDED -> {
          return; // what comes next is its end, after which it waits for another
        }
      }
      message = waiting.next();
    }
    settle();
  }

  /** An attempt's time is over. */
  void expire(SocketMessage message) {
    if (message.isOver()) {
      return;
    }
    if (inFlight.remove(message)) {
      end(message, message.unanswered());
      retire(); // an answer that comes too late must meet no other attempt at the same delivery
    } else if (waiting.remove(message)) {
      AttemptResult failedTry = message.failedTry();
      end(message, failedTry == null ? socket().timedOut(message.request.timeout()) : failedTry);
      if (waiting.isEmpty() && state == State.CONNECTING) {
        giveUpTry();
      }
    }
    settle();
  }

  private void end(SocketMessage message, AttemptResult result) {
    context.end(message, result);
  }

  // --- the connection

  private void connect() {
    long now = timer.now();
    long deadline = waiting.lastDeadline(now);
    state = State.CONNECTING;
    timer.set(deadline - now, this::tryIsOver);
    OpenConnection opening = new OpenConnection(this, context);
    connection = opening;
    opening.open(deadline);
  }

  /** The time of those is over for whom the try was begun. */
  private void tryIsOver() {
    long now = timer.now();
    for (SocketMessage message : waiting.all()) {
      if (message.deadline - now <= 0) {
        expire(message);
      }
    }
    if (state == State.CONNECTING) {
      giveUpTry();
    }
  }

  private void giveUpTry() {
    socket().cancel();
    backOff(true);
  }

  /** After a connection has ended: waits after a failure, and then until a message comes. */
  private void backOff(boolean isFailure) {
    connection = null;
    inFlight = new UnansweredMessages();
    context.isBusy(this);
    if (retired) {
      makeWay();
    }
    if (isFailure) {
      failures++;
      state = State.BACKING_OFF;
      long now = timer.now();
      retryAt = now + context.backoff().after(failures);
      timer.set(retryAt - now, this::retry);
      for (SocketMessage message : waiting.all()) {
        retryBy(now + Math.max(Backoff.SHORTEST, (message.deadline - now) / PART));
      }
    } else if (waiting.isEmpty()) {
      state = State.CLOSED;
    } else {
      connect();
    }
  }

  /**
   * The connection for which this was retired has ended. Waiting messages go to the successor, so
   * that one address has one connection; without a successor, this takes messages again.
   */
  private void makeWay() {
    Optional<WebSocketConnection> successor = current.get();
    retired = successor.isPresent();
    successor
        .filter(other -> other.address.equals(address))
        .ifPresent(
            other -> waiting.removeIf(message -> other.takes(message.id())).forEach(other::accept));
  }

  /** An attempt waits for the end of the back-off, though no longer than this. */
  private void retryBy(long time) {
    if (time - retryAt < 0) {
      retryAt = time;
      timer.set(time - timer.now(), this::retry);
    }
  }

  private void retry() {
    if (waiting.isEmpty()) {
      state = State.CLOSED;
      settle();
    } else {
      connect();
    }
  }

  // --- what its connection tells

  /** Whether a connection is the one that it has. */
  boolean isOn(OpenConnection other) {
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
    settle();
  }

  void violated(int code, String reason) {
    socket().close(code, reason);
    lose(
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
    if (CloseCodes.isPeaceful(code)) {
      disconnected(result);
    } else {
      lose(result, !inFlight.isEmpty() || !CloseCodes.isGraceful(code));
    }
  }

  void failed(AttemptResult result) {
    if (state == State.CONNECTING) {
      tryFailed(result);
    } else {
      disconnected(result);
    }
  }

  /**
   * There is no connection. What was on one before waits for the next try, as long as it has time;
   * so does everything if the endpoint seems to be restarting.
   */
  private void tryFailed(AttemptResult result) {
    waiting.all().forEach(message -> message.tryFailed(result));
    boolean mayPass = SocketFailures.mayPass(result);
    boolean isRestarting = context.isRestarting();
    List<SocketMessage> failed =
        waiting.removeIf(message -> !mayPass || !(isRestarting || message.wasSent()));
    backOff(true);
    failed.forEach(message -> end(message, result));
    settle();
  }

  /**
   * The connection has ended, by no fault of the endpoint's that is known: it closed it in peace,
   * or the connection was cut. What it has not answered goes over another one, once.
   */
  private void disconnected(AttemptResult how) {
    List<SocketMessage> again = new ArrayList<>();
    List<SocketMessage> failed = new ArrayList<>();
    for (SocketMessage message : inFlight.removeAll()) {
      (message.isLost(how) ? again : failed).add(message);
    }
    waiting.addFirst(again);
    context.disconnected();
    backOff(!failed.isEmpty());
    failed.forEach(message -> end(message, how));
    settle();
  }

  /** The connection has ended, and the messages on it are lost. */
  private void lose(AttemptResult result, boolean isFailure) {
    List<SocketMessage> lost = inFlight.removeAll();
    backOff(isFailure);
    lost.forEach(message -> end(message, result));
    settle();
  }

  private OpenSocket socket() {
    return connection == null ? UnopenedSocket.INSTANCE : connection.socket();
  }

  // --- the end

  /** Takes no new message, and ends after those that it has. */
  void retire() {
    retired = true;
    settle();
  }

  /** Sees what is to be done when nothing is left to do. */
  private void settle() {
    if (state == State.ENDED || !waiting.isEmpty() || !inFlight.isEmpty()) {
      context.isBusy(this);
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
      context.isIdle(this);
    } else if (state == State.CLOSED) {
      timer.set(context.idleTimeout(), () -> finish(CloseCodes.NORMAL));
    }
  }

  /** Closes the connection, if nothing is on it when its turn comes. By any thread. */
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
    context.isBusy(this);
    whenEnded.accept(this);
  }

  /** Ends it at once. */
  void shut() {
    AttemptResult closed = AttemptResult.failed(AttemptOutcome.INTERNAL, WebhookConnections.CLOSED);
    List<SocketMessage> all = inFlight.removeAll();
    all.addAll(waiting.removeAll());
    finish(CloseCodes.GOING_AWAY);
    all.forEach(message -> end(message, closed));
  }
}
