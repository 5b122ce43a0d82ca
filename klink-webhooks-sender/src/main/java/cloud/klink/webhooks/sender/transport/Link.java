package cloud.klink.webhooks.sender.transport;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A webhook's connection to one address: whether there is one, what is on it, what waits for it.
 * Everything but {@link #closeIfIdle} runs as a task of the webhook's {@link Mailbox}.
 */
final class Link {
  private static final Logger LOG = LoggerFactory.getLogger(Link.class);

  /** Of the time that an attempt has left, it waits this part for the end of a back-off at most. */
  private static final int PART = 4;

  /** How the connection is. */
  enum State {
    /** There is none, and none is tried before it is needed. */
    CLOSED,
    /** There is none, and the next try waits. */
    BACKING_OFF,
    /** It is being opened. */
    CONNECTING,
    /** Messages go over it. */
    OPEN,
    /** This link was given up. */
    ENDED
  }

  private final EndpointAddress address;
  private final LinkContext context;
  private final Consumer<Link> whenEnded;
  private final Deque<SocketMessage> waiting = new ArrayDeque<>(1);
  private final InFlight inFlight = new InFlight();
  private final OneTimer timer;
  private State state = State.CLOSED;
  private @Nullable Connection connection;
  private @Nullable AttemptResult lastFailure;
  private int failures;
  private long retryAt;
  private boolean retired;

  /**
   * A link without a connection.
   *
   * @param whenEnded told when nothing more will come of it
   */
  Link(EndpointAddress address, LinkContext context, Consumer<Link> whenEnded) {
    this.address = address;
    this.context = context;
    this.whenEnded = whenEnded;
    this.timer = new OneTimer(context);
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
    for (SocketMessage message : waiting) {
      if (message.id().equals(id)) {
        return message;
      }
    }
    return inFlight.find(id);
  }

  // --- attempts

  void accept(SocketMessage message) {
    waiting.add(message);
    switch (state) {
      case CLOSED -> connect();
      case BACKING_OFF -> retryBy(timer.now() + (message.deadline - timer.now()) / PART);
      case OPEN -> transmit();
      case CONNECTING, ENDED -> {}
    }
  }

  /** Sends what waits. */
  private void transmit() {
    SocketMessage message = waiting.peek();
    while (message != null && state == State.OPEN && connection != null) {
      switch (connection.socket().send(message.text())) {
        case YES -> inFlight.add(waiting.remove());
        case TOO_MUCH ->
          end(
              waiting.remove(),
              AttemptResult.failed(
                  AttemptOutcome.BROKEN,
                  "the endpoint reads too slowly: too much waits to be sent to it already"));
        case ENDED -> {
          return; // what comes next is its end, after which it waits for another
        }
      }
      message = waiting.peek();
    }
    settle();
  }

  /** An attempt's time is over. */
  void expire(SocketMessage message) {
    if (message.isOver()) {
      return;
    }
    Duration timeout = message.request.timeout();
    if (inFlight.remove(message)) {
      end(
          message,
          AttemptResult.failed(
              AttemptOutcome.TIMED_OUT,
              "timed out after " + Failure.text(timeout) + " while waiting for the ack"));
      retire(); // an answer that comes too late must meet no other attempt at the same delivery
    } else if (waiting.remove(message)) {
      end(message, unsent(timeout));
      if (waiting.isEmpty() && state == State.CONNECTING) {
        giveUpTry();
      }
    }
    settle();
  }

  private AttemptResult unsent(Duration timeout) {
    return state == State.CONNECTING || lastFailure == null
        ? socket().timedOut(timeout)
        : lastFailure;
  }

  private void end(SocketMessage message, AttemptResult result) {
    context.end(message, result);
  }

  private void connect() {
    long deadline = timer.now();
    for (SocketMessage message : waiting) {
      deadline = Math.max(deadline, message.deadline);
    }
    state = State.CONNECTING;
    timer.set(deadline - timer.now(), this::tryIsOver);
    Connection opening = new Connection();
    connection = opening;
    opening.open(deadline);
  }

  /** The time of those is over for whom the try was begun. */
  private void tryIsOver() {
    long now = timer.now();
    for (SocketMessage message : List.copyOf(waiting)) {
      if (message.deadline - now <= 0) {
        expire(message);
      }
    }
    if (state == State.CONNECTING) {
      giveUpTry();
    }
  }

  private void giveUpTry() {
    if (connection != null) {
      connection.socket().cancel();
    }
    backOff(true);
  }

  /** Without a connection: waits, if that was a failure, and then for as long as nobody comes. */
  private void backOff(boolean isFailure) {
    connection = null;
    context.isBusy(this);
    if (isFailure) {
      failures++;
      state = State.BACKING_OFF;
      retryAt = timer.now() + context.backoff().after(failures);
      timer.set(retryAt - timer.now(), this::retry);
      waiting.forEach(message -> retryBy(timer.now() + (message.deadline - timer.now()) / PART));
    } else if (waiting.isEmpty()) {
      state = State.CLOSED;
    } else {
      connect();
    }
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

  /** Brings the events of one connection to the link, as long as it is the link's. */
  private final class Connection implements SocketEvents {
    private @Nullable OpenSocket socket;

    void open(long deadline) {
      try {
        socket = context.opener().open(address, deadline, this);
      } catch (Throwable e) { // as many things as there are threads; whoever waits must be told
        LOG.error("A WebSocket could not be begun", e);
        failed(AttemptResult.failed(
            AttemptOutcome.INTERNAL, "failed by " + e.getClass().getSimpleName(), e));
      }
    }

    OpenSocket socket() {
      return socket == null ? NoSocket.INSTANCE : socket;
    }

    private void post(Runnable task) {
      context.post(() -> {
        if (connection == this) {
          task.run();
        }
      });
    }

    @Override
    public void opened() {
      post(Link.this::opened);
    }

    @Override
    public void received(String text) {
      Answer answer = Answer.of(text); // here, so that whoever sends much is slowed down
      post(() -> answered(answer));
    }

    @Override
    public void violated(int code, String reason) {
      post(() -> Link.this.violated(code, reason));
    }

    @Override
    public void closing(int code, String reason) {
      post(() -> Link.this.closing(code, reason));
    }

    @Override
    public void failed(AttemptResult result) {
      post(() -> Link.this.failed(result));
    }
  }

  private void opened() {
    if (state == State.CONNECTING) {
      state = State.OPEN;
      timer.clear();
      transmit();
    }
  }

  private void answered(Answer answer) {
    if (state != State.OPEN) {
      return;
    }
    if (!answer.fault().isEmpty()) {
      violated(answer.closeCode(), answer.fault());
      return;
    }
    SocketMessage message = inFlight.remove(answer.id());
    if (message != null) {
      failures = 0;
      end(message, answer.result());
    } else if (inFlight.isUnasked()) {
      violated(CloseCodes.POLICY_VIOLATION, "too many answers to nothing that was sent");
      return;
    }
    settle();
  }

  private void violated(int code, String reason) {
    socket().close(code, reason);
    lose(
        AttemptResult.failed(
            AttemptOutcome.BROKEN,
            "the connection was closed with " + code + ", since the endpoint sent " + reason),
        true);
  }

  private void closing(int code, String reason) {
    socket().close(CloseCodes.NORMAL, "");
    String how = code == CloseCodes.NONE ? "without a code" : "with " + code;
    String why = reason.isEmpty() ? "" : ": " + reason;
    lose(
        AttemptResult.failed(
            AttemptOutcome.BROKEN, "the endpoint closed the connection " + how + why),
        !inFlight.isEmpty() || !CloseCodes.isGraceful(code));
  }

  private void failed(AttemptResult result) {
    if (state == State.CONNECTING) {
      List<SocketMessage> all = new ArrayList<>(waiting);
      waiting.clear();
      lastFailure = result;
      backOff(true);
      all.forEach(message -> end(message, result));
      settle();
    } else {
      lose(result, !inFlight.isEmpty());
    }
  }

  /** The connection is no more, and what was on it is lost. */
  private void lose(AttemptResult result, boolean isFailure) {
    List<SocketMessage> lost = inFlight.removeAll();
    lastFailure = result;
    backOff(isFailure);
    lost.forEach(message -> end(message, result));
    settle();
  }

  private OpenSocket socket() {
    return connection == null ? NoSocket.INSTANCE : connection.socket();
  }

  // --- the end

  /** Nothing new will come: it ends after what it has. */
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
    if (retired) {
      finish(CloseCodes.NORMAL);
    } else if (state == State.OPEN) {
      timer.set(context.idleTimeout(), () -> finish(CloseCodes.NORMAL));
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
    AttemptResult closed = AttemptResult.failed(AttemptOutcome.INTERNAL, Channel.CLOSED);
    List<SocketMessage> all = inFlight.removeAll();
    all.addAll(waiting);
    waiting.clear();
    finish(CloseCodes.GOING_AWAY);
    all.forEach(message -> end(message, closed));
  }
}
