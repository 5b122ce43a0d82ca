package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import java.time.Duration;
import java.util.function.Consumer;

/** What the connections of one webhook share. */
final class WebSocketContext {
  /** How long after the end of a connection an endpoint may be restarting. */
  private static final long RESTART = Duration.ofSeconds(10).toNanos();

  private final SocketOpener opener;
  private final SocketSettings settings;
  private final IdleConnections idle;
  private final SerialExecutor executor;
  private final Consumer<SocketMessage> whenEnded;
  private final TransportTimer timers;
  private final Backoff backoff;
  private boolean wasConnected;
  private long disconnectedAt;

  /**
   * What they share.
   *
   * @param whenEnded told of each attempt that has ended
   */
  WebSocketContext(
      SocketOpener opener,
      SocketSettings settings,
      IdleConnections idle,
      SerialExecutor executor,
      Consumer<SocketMessage> whenEnded) {
    this.opener = opener;
    this.settings = settings;
    this.idle = idle;
    this.executor = executor;
    this.whenEnded = whenEnded;
    this.timers = new TransportTimer(settings.timer(), settings.time());
    this.backoff = new Backoff(settings.random());
  }

  EndpointPolicy policy() {
    return settings.policy();
  }

  SocketOpener opener() {
    return opener;
  }

  TransportTimer timers() {
    return timers;
  }

  Backoff backoff() {
    return backoff;
  }

  /** A connection has become idle, which may be one too many. */
  void isIdle(WebSocketConnection connection) {
    WebSocketConnection eldest = idle.add(connection);
    if (eldest != null) {
      executor.afterwards(eldest::closeIfIdle);
    }
  }

  void isBusy(WebSocketConnection connection) {
    idle.remove(connection);
  }

  /** A connection has ended, by no fault of the endpoint's that is known. */
  void disconnected() {
    wasConnected = true;
    disconnectedAt = timers.now();
  }

  /** Whether the endpoint was connected a short time ago, so that it may be restarting. */
  boolean isRestarting() {
    return wasConnected && timers.now() - disconnectedAt < RESTART;
  }

  long maxAge() {
    return settings.maxAge().toNanos();
  }

  long idleTimeout() {
    return settings.idleTimeout().toNanos();
  }

  /**
   * Runs a task of a connection. Nothing comes of it once the webhook's connections have all ended.
   */
  void post(Runnable task) {
    executor.post(task);
  }

  /** Ends an attempt, of which the caller has forgotten already. */
  void end(SocketMessage message, AttemptResult result) {
    if (!message.isOver()) {
      message.end();
      executor.afterwards(() -> message.report(result));
      whenEnded.accept(message);
    }
  }
}
