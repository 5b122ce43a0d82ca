package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket of a {@link WebSocketConnection}, and the events on it. It passes these on, as tasks
 * of the webhook's {@link SerialExecutor}, as long as it is the connection's current socket.
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
    } catch (Throwable e) { // as many things as there are threads; whoever waits must be told
      LOG.error("A WebSocket could not be opened", e);
      failed(AttemptResult.failed(
          AttemptOutcome.INTERNAL, "failed by " + e.getClass().getSimpleName(), e));
    }
  }

  OpenSocket socket() {
    return socket == null ? UnopenedSocket.INSTANCE : socket;
  }

  /** It is open, and grows old from now on. */
  void hasOpened() {
    isOpen = true;
    openSince = context.timers().now();
  }

  /** For how long it may still take messages, in nanoseconds; not positive if it may not. */
  long timeLeft() {
    return isOpen ? openSince + context.maxAge() - context.timers().now() : Long.MAX_VALUE;
  }

  private void post(Runnable task) {
    context.post(() -> {
      if (owner.isOn(this)) {
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
    EndpointReply answer =
        EndpointReply.of(text); // here, so that whoever sends much is slowed down
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
