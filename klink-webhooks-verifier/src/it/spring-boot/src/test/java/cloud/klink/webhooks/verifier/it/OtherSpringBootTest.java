package cloud.klink.webhooks.verifier.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.spring.KlinkWebhook;
import cloud.klink.webhooks.verifier.testing.SignedRequest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

/** What moved between the generations of Spring Boot, in a whole application. */
@ExtendWith(OutputCaptureExtension.class)
class OtherSpringBootTest {
  private static final String SECRET = "whsec_Zm9yIHRlc3RzIG9mIFNwcmluZyBCb290";
  private static final String URL = "https://hooks.example.com/webhooks/klink";

  record Message(String text, int room) {}

  @SpringBootApplication
  static class Application {
    final List<String> handled = new CopyOnWriteArrayList<>();
    final CountDownLatch gate = new CountDownLatch(1);
    private final JdbcTemplate jdbc;

    Application(JdbcTemplate jdbc) {
      this.jdbc = jdbc;
      jdbc.execute("CREATE TABLE inbox (id VARCHAR(100))");
    }

    List<String> handled() {
      return handled;
    }

    CountDownLatch gate() {
      return gate;
    }

    @Transactional
    @KlinkWebhook("message.inbound")
    public void onMessage(Message message, Event event) {
      jdbc.update("INSERT INTO inbox VALUES (?)", event.id().orElseThrow());
      if (message.room() < 0) {
        throw new IllegalStateException("on purpose");
      }
    }

    @KlinkWebhook(group = "room")
    public void onRoom(Event event) throws InterruptedException {
      if (!gate().await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("never let through");
      }
      handled().add(event.id().orElseThrow());
    }
  }

  private static ConfigurableApplicationContext start(String... properties) {
    return new SpringApplicationBuilder(Application.class)
        .properties(
            "server.port=0",
            "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID(),
            "management.endpoint.health.show-details=always",
            "klink.webhooks.receiver.public-url=" + URL,
            "klink.webhooks.receiver.deduplication.type=jdbc")
        .properties(properties)
        .run();
  }

  private static HttpResponse<String> deliver(
      ConfigurableApplicationContext app, String name, String id, int room) throws Exception {
    SignedRequest request = SignedRequest.to(URL)
        .signedWith(SigningSecret.of(SECRET))
        .event(Event.builder(EventName.of(name))
            .timestamp(Instant.parse("2026-01-09T03:42:38Z"))
            .id(id)
            .data(JsonNodeFactory.instance.objectNode().put("text", "hello").put("room", room))
            .build());
    HttpRequest.Builder http = HttpRequest.newBuilder(uri(app, request.target()))
        .POST(HttpRequest.BodyPublishers.ofString(request.text()));
    request.headers().forEach(http::header);
    return send(http.build());
  }

  private static URI uri(ConfigurableApplicationContext app, String target) {
    return URI.create("http://127.0.0.1:"
        + app.getEnvironment().getRequiredProperty("local.server.port") + target);
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(ConfigurableApplicationContext app, String target)
      throws Exception {
    return send(HttpRequest.newBuilder(uri(app, target)).build());
  }

  @Test
  void application_onThisVersion_receivesAndStaysLocked() throws Exception {
    assertThat(SpringBootVersion.getVersion())
        .isEqualTo(System.getProperty("tested-spring-boot.version"));
    try (ConfigurableApplicationContext app =
        start("klink.webhooks.receiver.secrets=" + SECRET)) {
      assertThat(deliver(app, "message.inbound", "evt_1", 7).body()).contains("\"processed\"");
      assertThat(deliver(app, "message.inbound", "evt_1", 7).body()).contains("\"duplicate\"");
      assertThat(deliver(app, "message.inbound", "evt_2", -1).statusCode()).isEqualTo(500);

      JdbcTemplate jdbc = app.getBean(JdbcTemplate.class);
      assertThat(jdbc.queryForList("SELECT id FROM inbox", String.class))
          .containsExactly("evt_1");
      assertThat(jdbc.queryForObject(
              "SELECT COUNT(*) FROM klink_processed_events WHERE done_at IS NOT NULL",
              Integer.class))
          .isEqualTo(1);
      assertThat(get(app, "/").statusCode()).isEqualTo(401);
      assertThat(get(app, "/webhooks/klink/more").statusCode()).isEqualTo(401);
      assertThat(get(app, "/webhooks/klink").statusCode()).isEqualTo(405);
    }
  }

  @Test
  void actuator_onThisVersion_showsHealthAndMeters() throws Exception {
    try (ConfigurableApplicationContext app =
        start("klink.webhooks.receiver.secrets=" + SECRET)) {
      deliver(app, "message.inbound", "evt_1", 7);

      JsonNode health = new ObjectMapper()
          .readTree(get(app, "/actuator/health").body())
          .path("components")
          .path("klinkWebhooks");
      assertThat(health.path("status").asText()).isEqualTo("UP");
      assertThat(health.path("details").path("accepted").asInt()).isEqualTo(1);
      assertThat(app.getBean(MeterRegistry.class)
              .get("klink.webhooks.receiver.accepted")
              .counter()
              .count())
          .isEqualTo(1);
    }
  }

  @Test
  void shutdown_onThisVersion_handlesWhatWasAcknowledged() throws Exception {
    ConfigurableApplicationContext app = start(
        "klink.webhooks.receiver.secrets=" + SECRET,
        "klink.webhooks.receiver.acknowledge-first.enabled=true",
        "klink.webhooks.receiver.acknowledge-first.threads=1");
    Application application = app.getBean(Application.class);
    for (String id : List.of("evt_1", "evt_2")) {
      assertThat(deliver(app, "room.solved", id, 7).statusCode()).isEqualTo(202);
    }
    List<String> handled = application.handled();
    CountDownLatch gate = application.gate();

    CompletableFuture<Void> closing = CompletableFuture.runAsync(app::close);
    CompletableFuture.runAsync(
            gate::countDown, CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS))
        .join();
    closing.join();

    assertThat(handled).containsExactly("evt_1", "evt_2");
  }

  @Test
  void start_withoutASecret_isExplained(CapturedOutput output) {
    assertThatThrownBy(() -> start().close()).isNotNull();

    assertThat(output)
        .contains(
            "APPLICATION FAILED TO START",
            "Property: klink.webhooks.receiver.secrets",
            "set klink.webhooks.receiver.secrets to the signing secret");
  }

  @Test
  void properties_onThisVersion_areNotConfiguredWithoutTheUrl() {
    try (ConfigurableApplicationContext app = new SpringApplicationBuilder(Application.class)
        .properties(Map.of("server.port", 0, "spring.datasource.url", "jdbc:h2:mem:none"))
        .run()) {
      assertThat(app.getBeanNamesForType(
              cloud.klink.webhooks.verifier.receive.WebhookReceiver.class))
          .isEmpty();
    }
  }
}
