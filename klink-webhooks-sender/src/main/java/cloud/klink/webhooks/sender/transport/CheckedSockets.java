package cloud.klink.webhooks.sender.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Predicate;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes sockets that ask whether they may connect to an address when they are about to connect.
 * Every connection goes through here, and what is asked about is what is connected to: however the
 * name was looked up, and whether there was one at all, nothing can change in between.
 */
final class CheckedSockets extends SocketFactory {
  private final Predicate<InetSocketAddress> allowed;
  private final Duration maxStall;

  CheckedSockets(Predicate<InetSocketAddress> allowed, Duration maxStall) {
    this.allowed = allowed;
    this.maxStall = maxStall;
  }

  private static final class CheckedSocket extends Socket {
    private final Predicate<InetSocketAddress> allowed;
    private final Traffic traffic;

    CheckedSocket(Predicate<InetSocketAddress> allowed, Duration maxStall) {
      super(Proxy.NO_PROXY); // else the JDK would use a SOCKS proxy that is set for the whole JVM
      this.allowed = allowed;
      this.traffic = new Traffic(this, maxStall);
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

    @Override
    public InputStream getInputStream() throws IOException {
      return traffic.in(super.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return traffic.out(super.getOutputStream());
    }
  }

  @Override
  public Socket createSocket() {
    return new CheckedSocket(allowed, maxStall);
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
