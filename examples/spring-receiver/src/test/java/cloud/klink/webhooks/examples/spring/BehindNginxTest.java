package cloud.klink.webhooks.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.testing.SignedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The application behind a proxy that ends TLS and changes scheme, host and path. */
@Tag("debian")
@ExtendWith(OutputCaptureExtension.class)
class BehindNginxTest {
  private static final String MESSAGE = "{\"data\":{\"room_id\":\"r1\",\"text\":\"hello\"},"
      + "\"event\":\"message.inbound\",\"id\":\"evt_1\",\"timestamp\":\"2026-01-09T03:42:38Z\"}";

  @TempDir
  private Path folder;

  private final int applicationPort = freePort();

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private ConfigurableApplicationContext start(String publicUrl, String... more) {
    List<String> properties = new ArrayList<>(List.of(
        "server.port=" + applicationPort,
        "KLINK_WEBHOOK_URL=" + publicUrl,
        "KLINK_DATA=" + folder.resolve("db").toAbsolutePath()));
    properties.addAll(List.of(more));
    return new SpringApplicationBuilder(SpringReceiver.class)
        .properties(properties.toArray(String[]::new))
        .run();
  }

  private HttpResponse<String> deliver(String url) throws Exception {
    SignedRequest request = SignedRequest.to(url)
        .signedWith(SigningSecret.of("whsec_the-new-one-of-this-example"))
        .body(MESSAGE);
    HttpRequest.Builder http = HttpRequest.newBuilder(URI.create(url))
        .POST(HttpRequest.BodyPublishers.ofByteArray(request.body()));
    request.headers().forEach(http::header);
    HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build();
    return await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> client.send(http.build(), HttpResponse.BodyHandlers.ofString()),
            response -> response.statusCode() != 502);
  }

  private SSLContext trusting() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    try (InputStream in = Files.newInputStream(folder.resolve("cert.pem"))) {
      store.setCertificateEntry(
          "nginx", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void webhook_throughAProxyThatChangesItsUrl_isHandledIfThePublicUrlIsPinned() throws Exception {
    try (Nginx nginx = Nginx.start(folder, applicationPort)) {
      String url = "https://localhost:" + nginx.port() + "/hooks/klink";
      try (ConfigurableApplicationContext app = start(url)) {
        HttpResponse<String> response = deliver(url);

        assertThat(response.body()).contains("\"processed\"");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(app.getBean(JdbcClient.class)
                .sql("SELECT text FROM message")
                .query(String.class)
                .list())
            .containsExactly("hello");
      }
    }
  }

  @Test
  void webhook_throughAProxyThatChangesItsUrl_isExplainedIfAnotherUrlIsPinned(CapturedOutput output)
      throws Exception {
    try (Nginx nginx = Nginx.start(folder, applicationPort)) {
      String url = "https://localhost:" + nginx.port() + "/hooks/klink";
      try (ConfigurableApplicationContext app = start(
          "http://127.0.0.1:" + applicationPort + "/webhooks/klink",
          "klink.webhooks.receiver.explain.candidate-urls=" + url,
          "logging.level.cloud.klink.webhooks.verifier=debug")) {
        assertThat(deliver(url).statusCode()).isEqualTo(401);

        assertThat(output)
            .contains("Refused a webhook with signature_mismatch")
            .contains("cause:    url_candidate (with this fixed, the signature matches)")
            .contains("Signed was " + url);
        assertThat(app.getBean(JdbcClient.class)
                .sql("SELECT text FROM message")
                .query(String.class)
                .list())
            .isEmpty();
      }
    }
  }
}
