package cloud.klink.webhooks.sender.transport.websocket;

import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.transport.net.AuthenticationHeader;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Lets tests elsewhere run the real WebSocket transport on sockets and time of their own. */
public final class SocketBridge {
  private final WebSocketTransport transport;

  /**
   * A transport.
   *
   * @param time in nanoseconds
   * @param opener makes its sockets
   */
  public SocketBridge(
      ScheduledExecutorService timer,
      LongSupplier time,
      RandomGenerator random,
      Duration idleTimeout,
      Duration maxAge,
      int idleConnections,
      Opener opener) {
    SocketSettings settings = new SocketSettings(
        EndpointPolicy.publicHttps(), timer, time, random, idleTimeout, maxAge, idleConnections);
    transport = new WebSocketTransport(new Adapter(opener), settings, null, () -> {});
  }

  /** The transport. */
  public Transport transport() {
    return transport;
  }

  /** How many webhooks have anything there. */
  public int connectedWebhooks() {
    return transport.connectedWebhooks();
  }

  /** Makes sockets. */
  public interface Opener {
    /** Begins to open one. */
    Peer open(String url, Optional<AuthenticationHeader> authentication, Events events);
  }

  /** A socket. */
  public interface Peer {
    /** Sends a text, or has ended. */
    boolean send(String text);

    /** Closes it in good order. */
    void close(int code);

    /** Cuts it off. */
    void cancel();
  }

  /** What a socket tells. */
  public interface Events {
    /** It is open. */
    void opened();

    /** A text came. */
    void received(String text);

    /** A rule of the protocol was broken. */
    void violated(int code, String reason);

    /** The other side closes it. */
    void closing(int code, String reason);

    /** It could not be opened, or it broke. */
    void failed(AttemptResult result);
  }

  private record Adapter(Opener opener) implements SocketOpener {
    @Override
    public OpenSocket open(EndpointAddress address, long deadline, SocketEvents events) {
      Peer peer = opener.open(address.url(), address.authentication(), new EventsAdapter(events));
      return new SocketAdapter(peer);
    }

    @Override
    public void close() {}
  }

  private record EventsAdapter(SocketEvents events) implements Events {
    @Override
    public void opened() {
      events.opened();
    }

    @Override
    public void received(String text) {
      events.received(text);
    }

    @Override
    public void violated(int code, String reason) {
      events.violated(code, reason);
    }

    @Override
    public void closing(int code, String reason) {
      events.closing(code, reason);
    }

    @Override
    public void failed(AttemptResult result) {
      events.failed(result);
    }
  }

  private record SocketAdapter(Peer peer) implements OpenSocket {
    @Override
    public Sent send(String text) {
      return peer.send(text) ? Sent.ACCEPTED : Sent.ENDED;
    }

    @Override
    public void close(int code, String reason) {
      peer.close(code);
    }

    @Override
    public void cancel() {
      peer.cancel();
    }

    @Override
    public @Nullable InetSocketAddress connectedTo() {
      return null;
    }

    @Override
    public AttemptResult timedOut(Duration timeout) {
      return AttemptResult.failed(AttemptOutcome.UNREACHABLE, "timed out while connecting");
    }
  }
}
