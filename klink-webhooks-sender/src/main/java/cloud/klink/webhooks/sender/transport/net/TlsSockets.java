package cloud.klink.webhooks.sender.transport.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Layers TLS on the sockets of {@link PolicySocketFactory}, so that its streams can be monitored.
 */
final class TlsSockets extends SSLSocketFactory {
  private final SSLSocketFactory tls;

  TlsSockets(SSLSocketFactory tls) {
    this.tls = tls;
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    if (!(socket instanceof PolicySocketFactory.CheckedSocket checked)) {
      throw new IOException("TLS can be layered only on sockets of this transport");
    }
    checked.layerTls();
    Socket secured = tls.createSocket(socket, host, port, autoClose);
    return new TlsSocket((SSLSocket) secured, checked.state());
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return tls.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return tls.getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw unconnected();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    throw unconnected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw unconnected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    throw unconnected();
  }

  private static IOException unconnected() {
    return new IOException("TLS can be layered only on a connected socket");
  }
}
