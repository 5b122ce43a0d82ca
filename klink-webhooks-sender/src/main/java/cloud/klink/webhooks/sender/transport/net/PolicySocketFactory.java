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
 * Makes sockets that check the address at the moment of connecting. All connections use them, and
 * the checked address is the one that is connected to, so no later look-up of the name can change
 * it.
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

  /** A socket that checks the address to which it connects. */
  static final class CheckedSocket extends Socket implements ConnectionState.Observed {
    private final Predicate<InetSocketAddress> allowed;
    private final ConnectionState state;
    private volatile boolean hasTls;
    private volatile boolean isProbed;

    private CheckedSocket(ChannelSocketImpl channel, PolicySocketFactory factory)
        throws SocketException {
      super(channel); // this also ignores a SOCKS proxy that is set for the JVM
      this.allowed = factory.allowed;
      this.state =
          new ConnectionState(new BoundedSocket(this, channel, factory.maxStall), factory.maxAge);
    }

    @Override
    public ConnectionState state() {
      return state;
    }

    /** Notes that TLS is layered on this socket. */
    void layerTls() {
      hasTls = true;
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      if (!(endpoint instanceof InetSocketAddress address)
          || address.isUnresolved()
          || !allowed.test(address)) {
        throw new AddressNotAllowedException(
            endpoint instanceof InetSocketAddress address ? address.getHostString() : "the host");
      }
      setTcpNoDelay(true); // the last packet must not wait for the acknowledgement of the others
      super.connect(endpoint, timeout);
    }

    /**
     * Always 0. This keeps TLS, when it is closed, from waiting behind a blocked write to send its
     * close alert.
     */
    @Override
    public int getSoLinger() {
      return 0;
    }

    /**
     * OkHttp checks a connection that has been idle for long by a read with a timeout of one
     * millisecond. {@link #isInputShutdown} has just checked the same, so that read returns at
     * once.
     */
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // what is added needs no lock
    public void setSoTimeout(int timeout) throws SocketException {
      isProbed = timeout == 1;
      super.setSoTimeout(timeout);
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // what is added needs no lock
    public void close() throws IOException {
      state.monitor().closing();
      super.close();
    }

    /** Returns true also if no more exchange may begin; see {@link ConnectionState#isUnusable}. */
    @Override
    public boolean isInputShutdown() {
      return super.isInputShutdown() || (!hasTls && state.isUnusable());
    }

    @Override
    public InputStream getInputStream() throws IOException {
      InputStream in = state.socket().in(super.getInputStream(), () -> isProbed);
      return hasTls ? in : state.monitor().in(in);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      OutputStream out = state.socket().out(super.getOutputStream());
      return hasTls ? out : state.monitor().out(out);
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
