package cloud.klink.webhooks.sender.transport.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Puts TLS on the sockets of {@link PolicySocketFactory}, so that what goes over it can be
 * followed.
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
      throw new IOException("TLS is put on this transport's own sockets only");
    }
    checked.layer();
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
    return new IOException("TLS is put on connections that stand already");
  }
}
