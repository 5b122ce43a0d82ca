package cloud.klink.webhooks.sender.transport.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.function.Predicate;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes sockets that ask whether they may connect to an address when they are about to connect.
 * Every connection goes through here, and what is asked about is what is connected to: however the
 * name was looked up, and whether there was one at all, nothing can change in between.
 */
final class PolicySocketFactory extends SocketFactory {
  private final Predicate<InetSocketAddress> allowed;
  private final Duration maxStall;
  private final Duration maxAge;

  PolicySocketFactory(Predicate<InetSocketAddress> allowed, Duration maxStall, Duration maxAge) {
    this.allowed = allowed;
    this.maxStall = maxStall;
    this.maxAge = maxAge;
  }

  /** One of these sockets. */
  static final class CheckedSocket extends Socket implements ConnectionState.Observed {
    private final Predicate<InetSocketAddress> allowed;
    private final ConnectionState state;
    private volatile boolean layered;
    private volatile boolean probed;

    private CheckedSocket(ChannelSocketImpl channel, PolicySocketFactory factory)
        throws SocketException {
      super(channel); // which also uses no SOCKS proxy that is set for the whole JVM
      this.allowed = factory.allowed;
      this.state =
          new ConnectionState(new BoundedSocket(this, channel, factory.maxStall), factory.maxAge);
    }

    @Override
    public ConnectionState state() {
      return state;
    }

    /** From now on TLS is between this and what HTTP says. */
    void layer() {
      layered = true;
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      if (!(endpoint instanceof InetSocketAddress address)
          || address.isUnresolved()
          || !allowed.test(address)) {
        throw new AddressNotAllowedException(
            endpoint instanceof InetSocketAddress address ? address.getHostString() : "the host");
      }
      setTcpNoDelay(true); // a body's last packet must not wait for the others' acknowledgement
      super.connect(endpoint, timeout);
    }

    /**
     * Nothing is set by this: it keeps TLS from waiting, when it is closed, for its turn to say
     * goodbye behind one who is stuck with sending.
     */
    @Override
    public int getSoLinger() {
      return 0;
    }

    /**
     * A connection that was idle for long is also looked at by OkHttp, which waits for a
     * millisecond; it has asked {@link #isInputShutdown} before, so it is answered at once.
     */
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // what is added needs no lock
    public void setSoTimeout(int timeout) throws SocketException {
      probed = timeout == 1;
      super.setSoTimeout(timeout);
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // what is added needs no lock
    public void close() throws IOException {
      state.watch().closing();
      super.close();
    }

    /** Also when no more may be asked on it; see {@link ConnectionState#isWornOut}. */
    @Override
    public boolean isInputShutdown() {
      return super.isInputShutdown() || (!layered && state.isWornOut());
    }

    @Override
    public InputStream getInputStream() throws IOException {
      InputStream in = state.socket().in(super.getInputStream(), () -> probed);
      return layered ? in : state.watch().in(in);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      OutputStream out = state.socket().out(super.getOutputStream());
      return layered ? out : state.watch().out(out);
    }
  }

  @Override
  public Socket createSocket() throws IOException {
    return new CheckedSocket(new ChannelSocketImpl(), this);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port), null);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port), new InetSocketAddress(local, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port), new InetSocketAddress(local, localPort));
  }

  private Socket connected(InetSocketAddress address, @Nullable SocketAddress local)
      throws IOException {
    Socket socket = createSocket();
    socket.bind(local);
    socket.connect(address, 0);
    return socket;
  }
}
