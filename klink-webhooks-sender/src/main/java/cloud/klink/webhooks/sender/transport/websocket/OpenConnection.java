package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket of a {@link WebSocketConnection}. It passes the socket's events on, as tasks of the
 * webhook's {@link SerialExecutor}, while it is the connection's current socket.
 */
final class OpenConnection implements SocketEvents {
  private static final Logger LOG = LoggerFactory.getLogger(OpenConnection.class);

  private final WebSocketConnection owner;
  private final WebSocketContext context;
  private @Nullable OpenSocket socket;
  private boolean isOpen;
  private long openSince;

  OpenConnection(WebSocketConnection owner, WebSocketContext context) {
    this.owner = owner;
    this.context = context;
  }

  void open(long deadline) {
    try {
      socket = context.opener().open(owner.address(), deadline, this);
    } catch (Throwable e) { // such as no memory for a thread; the waiting attempts must end
      LOG.error("Cannot open a WebSocket", e);
      failed(AttemptResult.failed(
          AttemptOutcome.INTERNAL, "failed by " + e.getClass().getSimpleName(), e));
    }
  }

  OpenSocket socket() {
    return socket == null ? UnopenedSocket.INSTANCE : socket;
  }

  /** Notes that it is open, from when on its age counts. */
  void hasOpened() {
    isOpen = true;
    openSince = context.timers().now();
  }

  /** How long it may still accept messages, in nanoseconds; zero or less if it may not. */
  long timeLeft() {
    return isOpen ? openSince + context.maxAge() - context.timers().now() : Long.MAX_VALUE;
  }

  private void post(Runnable task) {
    context.post(() -> {
      if (owner.isCurrent(this)) {
        task.run();
      }
    });
  }

  @Override
  public void opened() {
    post(owner::opened);
  }

  @Override
  public void received(String text) {
    // Parsed in the socket's thread, so that an endpoint that sends much is slowed down.
    EndpointReply answer = EndpointReply.of(text);
    post(() -> owner.answered(answer));
  }

  @Override
  public void violated(int code, String reason) {
    post(() -> owner.violated(code, reason));
  }

  @Override
  public void closing(int code, String reason) {
    post(() -> owner.closing(code, reason));
  }

  @Override
  public void failed(AttemptResult result) {
    post(() -> owner.failed(result));
  }
}
