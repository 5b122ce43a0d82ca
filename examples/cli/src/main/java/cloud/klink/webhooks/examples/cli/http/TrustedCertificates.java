package cloud.klink.webhooks.examples.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** The authorities whose certificates are trusted: those of a file, or Java's own. */
public final class TrustedCertificates {
  private final SSLSocketFactory sockets;
  private final X509TrustManager trust;

  private TrustedCertificates(@Nullable KeyStore authorities) throws GeneralSecurityException {
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(authorities);
    this.trust = (X509TrustManager) managers.getTrustManagers()[0];
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {trust}, null);
    this.sockets = context.getSocketFactory();
  }

  /**
   * Those of Java.
   *
   * @return Java's authorities
   */
  public static TrustedCertificates ofJava() {
    try {
      return new TrustedCertificates(null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Those of a file, instead of Java's.
   *
   * @param file certificates in PEM
   * @return the file's authorities
   * @throws IOException if it cannot be read
   * @throws CertificateException if it has no certificate, or one that is malformed
   */
  public static TrustedCertificates of(Path file) throws IOException, CertificateException {
    Collection<? extends Certificate> certificates;
    try (InputStream in = Files.newInputStream(file)) {
      certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
    if (certificates.isEmpty()) {
      throw new CertificateException("it has no certificate");
    }
    try {
      KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
      authorities.load(null, null);
      for (Certificate certificate : certificates) {
        authorities.setCertificateEntry("authority-" + authorities.size(), certificate);
      }
      return new TrustedCertificates(authorities);
    } catch (GeneralSecurityException e) {
      throw new CertificateException(e);
    }
  }

  /**
   * Makes TLS connections.
   *
   * @return a factory that trusts these authorities alone
   */
  public SSLSocketFactory sockets() {
    return sockets;
  }

  /**
   * Sets what a client trusts.
   *
   * @param client the builder to set it in
   * @return the same builder
   */
  public OkHttpClient.Builder set(OkHttpClient.Builder client) {
    return client.sslSocketFactory(sockets, trust);
  }
}
