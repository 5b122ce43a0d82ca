package cloud.klink.webhooks.examples.cli.doctor;

import cloud.klink.webhooks.examples.cli.http.TrustedCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import okhttp3.HttpUrl;

/** Whether the endpoint speaks TLS, with a certificate that a sender trusts. */
final class TlsCheck {
  static final String NAME = "tls";
  private static final int FEW_DAYS = 14;

  private TlsCheck() {}

  static Finding check(HttpUrl url, TrustedCertificates trusted, Duration timeout) {
    if (!url.isHttps()) {
      return Finding.wrong(
          NAME,
          "the URL is not https",
          "K-LINK sends over https only: put a proxy with a certificate before the receiver.");
    }
    try (SSLSocket socket = (SSLSocket) trusted.sockets().createSocket()) {
      socket.connect(
          new InetSocketAddress(url.host(), url.port()), Math.toIntExact(timeout.toMillis()));
      return handshake(socket, url, timeout);
    } catch (IOException e) {
      return Finding.unknown(
          NAME, "no connection: " + e.getMessage(), "Let the receiver listen at the URL's port.");
    }
  }

  private static Finding handshake(SSLSocket socket, HttpUrl url, Duration timeout) {
    try {
      socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return ofCertificate(
          socket.getSession().getProtocol(), socket.getSession().getPeerCertificates()[0]);
    } catch (IOException e) {
      return Finding.wrong(
          NAME,
          "no handshake: " + e.getMessage(),
          "Serve https at the URL's port, with a certificate of a public authority for "
              + url.host() + " and all intermediate certificates.");
    }
  }

  private static Finding ofCertificate(String protocol, Certificate certificate) {
    if (!(certificate instanceof X509Certificate x509)) {
      return Finding.ok(NAME, protocol);
    }
    long days = ChronoUnit.DAYS.between(Instant.now(), x509.getNotAfter().toInstant());
    String detail = protocol + ", the certificate is valid for " + days + " days";
    return days >= FEW_DAYS
        ? Finding.ok(NAME, detail)
        : Finding.wrong(NAME, detail, "Renew the certificate.");
  }
}
