package cloud.klink.webhooks.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import cloud.klink.webhooks.verifier.jdk.JdkWebhookHandler;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The doctor at a real https server, whose certificate an authority of its own has issued. */
@Timeout(120)
class DoctorOverTlsTest {
  private static final HttpHandler NO_CONTENT = exchange -> {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(204, -1);
    }
  };

  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final HeldCertificate authority =
      new HeldCertificate.Builder().certificateAuthority(0).build();

  @TempDir
  private Path directory;

  private HttpsServer server;
  private Path secret;
  private Path authorities;

  @BeforeEach
  void writeFiles() throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    secret = Files.writeString(directory.resolve("secret.txt"), "whsec_klink_test_secret\n");
    authorities = Files.writeString(directory.resolve("ca.pem"), authority.certificatePem());
  }

  @AfterEach
  void stop() {
    server.stop(0);
    executor.shutdownNow();
  }

  private HeldCertificate.Builder certificate() {
    return new HeldCertificate.Builder().signedBy(authority);
  }

  private String serve(HeldCertificate certificate, HttpHandler handler) {
    server.setHttpsConfigurator(new HttpsConfigurator(
        new HandshakeCertificates.Builder().heldCertificate(certificate).build().sslContext()));
    server.createContext("/", handler);
    server.setExecutor(executor);
    server.start();
    return "https://localhost:" + server.getAddress().getPort() + "/hook";
  }

  private Run examine(String url) {
    return Run.of(
        "doctor",
        "--url",
        url,
        "--secret-file",
        secret.toString(),
        "--ca-file",
        authorities.toString());
  }

  @Test
  void receiver_ofThisProject_isAsItShouldBeButForItsAddress() {
    String url = "https://localhost:" + server.getAddress().getPort() + "/hook";
    try (WebhookReceiver receiver = WebhookReceiver.builder(WebhookVerifier.builder()
            .publicUrl(url)
            .secret(SigningSecret.of("whsec_klink_test_secret"))
            .build())
        .otherwise(webhook -> {})
        .deduplicate(ProcessedEvents.inMemory())
        .build()) {
      serve(
          certificate()
              .addSubjectAlternativeName("localhost")
              .duration(61, TimeUnit.DAYS)
              .build(),
          new JdkWebhookHandler(receiver));
      Run run = examine(url);
      assertThat(run.err()).isEmpty();
      assertThat(run.out())
          .containsPattern("ok       tls: TLSv1\\.3, the certificate is valid for 6[01] days")
          .contains("ok       tampered body: refused with status 401")
          .contains("ok       kept connection: used again")
          .containsOnlyOnce("wrong    ")
          .doesNotContain("unknown ");
    }
  }

  @Test
  void certificate_ofAnAuthorityThatJavaDoesNotTrust_isWrong() {
    String url = serve(certificate().addSubjectAlternativeName("localhost").build(), NO_CONTENT);
    Run run = Run.of("doctor", "--url", url, "--secret-file", secret.toString());
    assertThat(run.out())
        .contains("wrong    tls: ", "with a certificate of a public authority for localhost")
        .contains("wrong    status: no answer: ")
        .contains("unknown  wrong signature: ");
  }

  @Test
  void certificate_forAnotherHost_isWrong() {
    String url = serve(certificate().addSubjectAlternativeName("example.com").build(), NO_CONTENT);
    assertThat(examine(url).out())
        .containsPattern("wrong    tls: .*localhost")
        .contains("with a certificate of a public authority for localhost");
  }

  @Test
  void certificate_thatEndsSoon_isWrong() {
    String url = serve(validUntil(3), NO_CONTENT);
    assertThat(examine(url).out())
        .containsPattern("wrong    tls: TLSv1\\.3, the certificate is valid for [23] days")
        .contains("Renew the certificate.");
  }

  @Test
  void certificate_thatHasEnded_isWrong() {
    String url = serve(validUntil(-3), NO_CONTENT);
    assertThat(examine(url).out()).contains("wrong    tls: ", "wrong    status: no answer: ");
  }

  private HeldCertificate validUntil(int days) {
    Instant now = Instant.now();
    return certificate()
        .addSubjectAlternativeName("localhost")
        .validityInterval(
            now.minus(30, ChronoUnit.DAYS).toEpochMilli(),
            now.plus(days, ChronoUnit.DAYS).toEpochMilli())
        .build();
  }

  @Test
  void server_thatDoesNotSpeakTls_isWrong() throws Exception {
    try (IdleClosingServer plain = new IdleClosingServer()) {
      Run run = examine(plain.url().replace("http://", "https://"));
      assertThat(run.out()).contains("wrong    tls: no handshake: ", "Serve https");
    }
  }

  @Test
  void authorities_inAFileThatIsMissingOrNoCertificate_areBadUsage() throws IOException {
    for (String content : new String[] {"", "no certificate"}) {
      Files.writeString(authorities, content);
      Run run = examine("https://localhost:1/");
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err())
          .contains("--ca-file: " + authorities + " must hold X.509 certificates in PEM")
          .hasLineCount(1);
    }
    Files.delete(authorities);
    assertThat(examine("https://localhost:1/").err())
        .contains("--ca-file: cannot read " + authorities)
        .hasLineCount(1);
  }
}
