package cloud.klink.webhooks.sender.transport;

import cloud.klink.webhooks.sender.endpoint.EndpointPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes sockets that ask the policy about the address that they are about to connect to. Every
 * connection goes through here, and what is asked about is what is connected to: however the name
 * was looked up, and whether there was one at all, nothing can change in between.
 */
final class CheckedSockets extends SocketFactory {
  private final EndpointPolicy policy;

  CheckedSockets(EndpointPolicy policy) {
    this.policy = policy;
  }

  private static final class CheckedSocket extends Socket {
    private final EndpointPolicy policy;

    CheckedSocket(EndpointPolicy policy) {
      this.policy = policy;
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      if (!(endpoint instanceof InetSocketAddress address)
          || address.isUnresolved()
          || !policy.allows(address.getHostString(), address.getAddress())) {
        throw new AddressNotAllowedException(
            endpoint instanceof InetSocketAddress address ? address.getHostString() : "the host");
      }
      setTcpNoDelay(true); // a body's last packet must not wait for the others' acknowledgement
      super.connect(endpoint, timeout);
    }
  }

  @Override
  public Socket createSocket() {
    return new CheckedSocket(policy);
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
