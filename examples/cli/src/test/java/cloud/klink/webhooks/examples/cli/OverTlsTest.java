package cloud.klink.webhooks.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sending and passing on to https and wss URLs: a server behind a proxy that ends TLS. */
@Timeout(60)
class OverTlsTest {
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final HeldCertificate authority =
      new HeldCertificate.Builder().certificateAuthority(0).build();

  @TempDir
  private Path directory;

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  private TlsProxy proxy() throws Exception {
    return new TlsProxy(new HandshakeCertificates.Builder()
        .heldCertificate(new HeldCertificate.Builder()
            .signedBy(authority)
            .addSubjectAlternativeName("localhost")
            .build())
        .build()
        .sslContext());
  }

  private String authorities() throws Exception {
    return Files.writeString(directory.resolve("ca"), authority.certificatePem())
        .toString();
  }

  private Run send(String url) throws Exception {
    return Run.of("send", "--url", url, "--secret", "right", "--all", "--ca-file", authorities());
  }

  @Test
  void samples_toAWssUrl_areAcknowledged() throws Exception {
    try (TlsProxy proxy = proxy()) {
      String url = "wss://localhost:" + proxy.port() + "/hook";
      Listener listener = Listener.start(executor, "--count", "6", "--public-url", url);
      proxy.forwardTo(URI.create(listener.url()).getPort());
      Run sent = send(url);
      assertThat(sent.err()).isEmpty();
      assertThat(sent.out().lines()).hasSize(6).allMatch(line -> line.contains("  ack in "));
      assertThat(listener.status()).isZero();
    }
  }

  @Test
  void samples_toAnHttpsUrl_areAcknowledged() throws Exception {
    try (TlsProxy proxy = proxy()) {
      String url = "https://localhost:" + proxy.port() + "/hook";
      Listener listener = Listener.start(executor, "--count", "6", "--public-url", url);
      proxy.forwardTo(URI.create(listener.url()).getPort());
      Run sent = send(url);
      assertThat(sent.err()).isEmpty();
      assertThat(sent.out().lines()).hasSize(6).allMatch(line -> line.contains("  204 in "));
      assertThat(listener.status()).isZero();
    }
  }

  @Test
  void request_passedOnToAnHttpsUrl_isAnsweredByTheApplication() throws Exception {
    try (TlsProxy proxy = proxy();
        TestServer application = TestServer.of(request -> TestServer.Answer.of(208))) {
      proxy.forwardTo(URI.create(application.url("/app")).getPort());
      String to = "https://localhost:" + proxy.port() + "/app";
      Listener listener =
          Listener.start(executor, "--count", "1", "--forward-to", to, "--ca-file", authorities());
      Run sent = Run.of("send", "--url", listener.url(), "--secret", "right");
      assertThat(sent.out()).contains("  208 in ");
      assertThat(listener.printed()).contains("passed on to " + to + ": 208 in ");
      assertThat(application.arrived()).hasSize(1);
    }
  }

  @Test
  void message_passedOnToAWssUrl_isAnsweredByTheApplication() throws Exception {
    try (TlsProxy proxy = proxy()) {
      Listener application = Listener.start(executor, "--websocket", "--count", "1");
      proxy.forwardTo(URI.create(application.url()).getPort());
      String to = "wss://localhost:" + proxy.port() + "/";
      Listener listener = Listener.start(
          executor, "--websocket", "--count", "1", "--forward-to", to, "--ca-file", authorities());
      Run sent = Run.of("send", "--url", listener.url(), "--secret", "right");
      // The application verifies for its own URL, which is not the one that was signed.
      assertThat(sent.out()).contains("  nack in ", "status 401");
      assertThat(listener.printed()).contains("passed on to " + to + ": nack in ");
    }
  }

  @Test
  void certificate_ofAnAuthorityThatJavaDoesNotTrust_fails() throws Exception {
    try (TlsProxy proxy = proxy()) {
      proxy.forwardTo(1);
      for (String scheme : new String[] {"https", "wss"}) {
        String url = scheme + "://localhost:" + proxy.port() + "/hook";
        Run sent = Run.of("send", "--url", url, "--secret", "right");
        assertThat(sent.status()).isEqualTo(1);
        assertThat(sent.out()).contains("  failed in ");
      }
    }
  }
}
