package cloud.klink.webhooks.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.testing.SignedRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

class SpringReceiverTest {
  private static final String URL = "http://127.0.0.1:8080/webhooks/klink";

  private static final String MESSAGE = "{\"data\":{\"room_id\":\"r1\",\"text\":\"hello\"},"
      + "\"event\":\"message.inbound\",\"id\":\"evt_1\",\"timestamp\":\"2026-01-09T03:42:38Z\"}";

  @TempDir
  private Path data;

  private int deliver(ConfigurableApplicationContext app, String secret) throws Exception {
    SignedRequest request =
        SignedRequest.to(URL).signedWith(SigningSecret.of(secret)).body(MESSAGE);
    HttpRequest.Builder http = HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
            + app.getEnvironment().getRequiredProperty("local.server.port") + request.target()))
        .POST(HttpRequest.BodyPublishers.ofByteArray(request.body()));
    request.headers().forEach(http::header);
    return HttpClient.newHttpClient()
        .send(http.build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void message_signedWithEitherSecret_isStoredOnceAcrossRestarts() throws Exception {
    for (String secret :
        new String[] {"whsec_the-new-one-of-this-example", "whsec_the-old-one-of-this-example"}) {
      try (ConfigurableApplicationContext app = start()) {
        assertThat(deliver(app, secret)).isEqualTo(200);
        assertThat(deliver(app, "whsec_of_somebody_else")).isEqualTo(401);
        assertThat(app.getBean(JdbcClient.class)
                .sql("SELECT text FROM message")
                .query(String.class)
                .list())
            .containsExactly("hello");
      }
    }
  }

  private ConfigurableApplicationContext start() {
    return new SpringApplicationBuilder(SpringReceiver.class)
        .properties("server.port=0", "KLINK_DATA=" + data.resolve("db").toAbsolutePath())
        .run();
  }
}
