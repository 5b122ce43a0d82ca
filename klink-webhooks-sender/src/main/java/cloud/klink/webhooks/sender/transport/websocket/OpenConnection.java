package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a link, and what is on it. It brings its events to the link, as tasks of the
 * webhook's {@link SerialExecutor}, as long as it is the link's connection.
 */
final class OpenConnection implements SocketEvents {
  private static final Logger LOG = LoggerFactory.getLogger(OpenConnection.class);

  private final WebSocketConnection link;
  private final WebSocketContext context;
  private @Nullable OpenSocket socket;
  private boolean isOpen;
  private long openSince;

  OpenConnection(WebSocketConnection link, WebSocketContext context) {
    this.link = link;
    this.context = context;
  }

  void open(long deadline) {
    try {
      socket = context.opener().open(link.address(), deadline, this);
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

  /** How long it may take messages still, in nanoseconds; not positive if no more. */
  long timeLeft() {
    return isOpen ? openSince + context.maxAge() - context.timers().now() : Long.MAX_VALUE;
  }

  private void post(Runnable task) {
    context.post(() -> {
      if (link.isOn(this)) {
        task.run();
      }
    });
  }

  @Override
  public void opened() {
    post(link::opened);
  }

  @Override
  public void received(String text) {
    EndpointReply answer =
        EndpointReply.of(text); // here, so that whoever sends much is slowed down
    post(() -> link.answered(answer));
  }

  @Override
  public void violated(int code, String reason) {
    post(() -> link.violated(code, reason));
  }

  @Override
  public void closing(int code, String reason) {
    post(() -> link.closing(code, reason));
  }

  @Override
  public void failed(AttemptResult result) {
    post(() -> link.failed(result));
  }
}
