package cloud.klink.webhooks.sender.transport.net;

import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Connection;
import org.jspecify.annotations.Nullable;

/** The state of one connection. Safe for use by many threads. */
final class ConnectionState {
  /** A socket with such a state, or TLS on one. */
  interface Observed {
    ConnectionState state();
  }

  private final BoundedSocket socket;
  private final ConnectionMonitor monitor;
  private final long maxAge;
  private final long openedAt = System.nanoTime();
  private final AtomicInteger exchanges = new AtomicInteger();
  private volatile boolean ending;

  ConnectionState(BoundedSocket socket, Duration maxAge) {
    this.socket = socket;
    this.monitor = new ConnectionMonitor(socket);
    this.maxAge = maxAge.toNanos();
  }

  /** The state of a connection of OkHttp, or null if its socket is not one of these. */
  static @Nullable ConnectionState of(Connection connection) {
    Socket socket = connection.socket();
    return socket instanceof Observed observed ? observed.state() : null;
  }

  BoundedSocket socket() {
    return socket;
  }

  ConnectionMonitor monitor() {
    return monitor;
  }

  /**
   * Begins an exchange.
   *
   * @return whether the connection had an exchange before
   */
  boolean begin() {
    return exchanges.getAndIncrement() > 0;
  }

  /** Makes the connection close after the current exchange. */
  void closeAfterExchange() {
    ending = true;
  }

  boolean isEnding() {
    return ending;
  }

  /**
   * Whether no more exchange may begin on the connection. OkHttp checks this before it uses a
   * connection: it asks the socket whether its input is shut down.
   */
  boolean isUnusable() {
    if (exchanges.get() == 0) {
      return false; // the connection is being opened
    }
    return ending
        || monitor.hasEnded()
        || socket.cutOff() != null
        || System.nanoTime() - openedAt > maxAge
        || (!monitor.isHttp2() && socket.hasArrived());
  }
}
