package cloud.klink.webhooks.sender.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** Sockets of servers with certificates, good and bad, and a client that trusts their issuer. */
public final class TlsServers {
  private final HeldCertificate issuer =
      new HeldCertificate.Builder().certificateAuthority(0).build();

  public OkHttpClient trusting() {
    HandshakeCertificates trusting = new HandshakeCertificates.Builder()
        .addTrustedCertificate(issuer.certificate())
        .build();
    return new OkHttpClient.Builder()
        .sslSocketFactory(trusting.sslSocketFactory(), trusting.trustManager())
        .build();
  }

  public ServerSocketFactory good(String... protocols) {
    return with(builder -> builder.addSubjectAlternativeName("127.0.0.1"), protocols);
  }

  /** With a certificate for several names. */
  public ServerSocketFactory goodFor(List<String> names, String... protocols) {
    return with(
        builder -> {
          names.forEach(builder::addSubjectAlternativeName);
          return builder;
        },
        protocols);
  }

  public ServerSocketFactory ofAnotherHost() {
    return with(builder -> builder.addSubjectAlternativeName("other.example.com"));
  }

  public ServerSocketFactory expired() {
    long now = Instant.now().toEpochMilli();
    long day = Duration.ofDays(1).toMillis();
    return with(builder ->
        builder.addSubjectAlternativeName("127.0.0.1").validityInterval(now - 2 * day, now - day));
  }

  HandshakeCertificates certificatesOfAnotherHost() {
    return certificates(builder -> builder.addSubjectAlternativeName("other.example.com"));
  }

  private HandshakeCertificates certificates(UnaryOperator<HeldCertificate.Builder> certificate) {
    return new HandshakeCertificates.Builder()
        .heldCertificate(
            certificate.apply(new HeldCertificate.Builder().signedBy(issuer)).build(),
            issuer.certificate())
        .build();
  }

  private ServerSocketFactory with(
      UnaryOperator<HeldCertificate.Builder> certificate, String... protocols) {
    SSLServerSocketFactory factory =
        certificates(certificate).sslContext().getServerSocketFactory();
    return new ServerSocketFactory() {
      @Override
      public ServerSocket createServerSocket(int port) throws IOException {
        return negotiating(factory.createServerSocket(port));
      }

      @Override
      public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return negotiating(factory.createServerSocket(port, backlog));
      }

      @Override
      public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
          throws IOException {
        ServerSocket server = negotiating(factory.createServerSocket());
        server.setReceiveBufferSize(4_096); // soon full
        server.bind(new InetSocketAddress(address, port), backlog);
        return server;
      }

      private ServerSocket negotiating(ServerSocket socket) {
        SSLServerSocket server = (SSLServerSocket) socket;
        SSLParameters parameters = server.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        server.setSSLParameters(parameters);
        return server;
      }
    };
  }
}
