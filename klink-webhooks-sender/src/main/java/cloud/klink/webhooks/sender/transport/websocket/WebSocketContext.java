package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import java.time.Duration;
import java.util.function.Consumer;

/** The state that all connections of a webhook share. */
final class WebSocketContext {
  /**
   * How long after the end of a connection the endpoint is taken to be restarting, in nanoseconds.
   */
  private static final long RESTART_NANOS = Duration.ofSeconds(10).toNanos();

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
   * * Shared state.
   *
   * @param whenEnded called with each attempt that has ended
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

  /** Notes that a connection is idle, and closes the longest idle one if there are too many. */
  void markIdle(WebSocketConnection connection) {
    WebSocketConnection eldest = idle.add(connection);
    if (eldest != null) {
      executor.afterwards(eldest::closeIfIdle);
    }
  }

  /** Notes that a connection is not idle. */
  void markBusy(WebSocketConnection connection) {
    idle.remove(connection);
  }

  /** Notes that a connection has ended without an error of the endpoint. */
  void disconnected() {
    wasConnected = true;
    disconnectedAt = timers.now();
  }

  /** Whether the endpoint was connected a short time ago and may be restarting. */
  boolean isRestarting() {
    return wasConnected && timers.now() - disconnectedAt < RESTART_NANOS;
  }

  long maxAge() {
    return settings.maxAge().toNanos();
  }

  long idleTimeout() {
    return settings.idleTimeout().toNanos();
  }

  /** Runs a task of a connection. It is dropped once all connections of the webhook have ended. */
  void post(Runnable task) {
    executor.post(task);
  }

  /** Ends an attempt, which the caller has removed before. */
  void end(SocketMessage message, AttemptResult result) {
    if (!message.isOver()) {
      message.end();
      executor.afterwards(() -> message.report(result));
      whenEnded.accept(message);
    }
  }
}
