package cloud.klink.webhooks.sender.transport.net;

import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Connection;
import org.jspecify.annotations.Nullable;

/** What is known of one connection from its socket on. Safe for use by many threads. */
final class ConnectionState {
  /** A socket of ours, or TLS on one. */
  interface Observed {
    ConnectionState state();
  }

  private final BoundedSocket socket;
  private final Http2Watch watch;
  private final long maxAge;
  private final long openedAt = System.nanoTime();
  private final AtomicInteger exchanges = new AtomicInteger();
  private volatile boolean ending;

  ConnectionState(BoundedSocket socket, Duration maxAge) {
    this.socket = socket;
    this.watch = new Http2Watch(socket);
    this.maxAge = maxAge.toNanos();
  }

  /** That of a connection of OkHttp's, or null if its socket is not one of ours. */
  static @Nullable ConnectionState of(Connection connection) {
    Socket socket = connection.socket();
    return socket instanceof Observed observed ? observed.state() : null;
  }

  BoundedSocket socket() {
    return socket;
  }

  Http2Watch watch() {
    return watch;
  }

  /**
   * Begins an exchange.
   *
   * @return whether there was one before it
   */
  boolean begin() {
    return exchanges.getAndIncrement() > 0;
  }

  /** Ends the connection with the exchange that is on it. */
  void endAfterThis() {
    ending = true;
  }

  boolean isEnding() {
    return ending;
  }

  /**
   * Whether no exchange may begin on it any more. OkHttp asks this about a connection that it is
   * about to take, by asking its socket whether its input is shut down.
   */
  boolean isWornOut() {
    if (exchanges.get() == 0) {
      return false; // it is being opened
    }
    return ending
        || watch.hasEnded()
        || socket.cutOff() != null
        || System.nanoTime() - openedAt > maxAge
        || (!watch.isHttp2() && socket.hasArrived());
  }
}
