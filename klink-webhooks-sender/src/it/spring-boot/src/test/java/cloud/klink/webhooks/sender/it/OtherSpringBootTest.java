package cloud.klink.webhooks.sender.it;

import static cloud.klink.webhooks.event.Environment.PRODUCTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.PublishException;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.spring.WebhookPublisher;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What moved between the generations of Spring Boot, in a whole application with JPA. */
@ExtendWith(OutputCaptureExtension.class)
class OtherSpringBootTest {
  private HttpServer endpoint;
  private final List<String> received = new CopyOnWriteArrayList<>();

  @BeforeEach
  void startEndpoint() throws IOException {
    endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endpoint.createContext("/", exchange -> {
      received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
          .replaceAll("(?s).*\"id\":\"(evt_[^\"]*)\".*", "$1"));
      exchange.sendResponseHeaders(204, -1);
      exchange.close();
    });
    endpoint.start();
  }

  @AfterEach
  void stopEndpoint() {
    endpoint.stop(0);
  }

  @Entity(name = "Customer")
  static class Customer {
    @Id
    String id = "";
  }

  @RestController
  @SpringBootApplication
  static class Application {
    final CountDownLatch arrived = new CountDownLatch(1);
    final CountDownLatch gate = new CountDownLatch(1);
    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final WebhookPublisher publisher;
    private final EntityManager entities;
    private final ApplicationEventPublisher events;

    Application(
        WebhookPublisher publisher, EntityManager entities, ApplicationEventPublisher events) {
      this.publisher = publisher;
      this.entities = entities;
      this.events = events;
    }

    @Bean
    static EndpointPolicy endpoints() {
      return EndpointPolicy.forDevelopment();
    }

    @Bean
    static InMemorySpanExporter exporter() {
      return InMemorySpanExporter.create();
    }

    /** A tracer by hand: what configures one has moved, too. */
    @Bean
    static Tracer tracer(InMemorySpanExporter exporter) {
      SdkTracerProvider provider = SdkTracerProvider.builder()
          .addSpanProcessor(SimpleSpanProcessor.create(exporter))
          .build();
      return new OtelTracer(provider.get("test"), new OtelCurrentTraceContext(), event -> {});
    }

    /** A method, since the bean is a proxy. */
    List<Throwable> failures() {
      return failures;
    }

    void awaitRequest() throws InterruptedException {
      if (!arrived.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("never came");
      }
    }

    void letThrough() {
      gate.countDown();
    }

    @Transactional
    public void create(String id, boolean fails) {
      Customer customer = new Customer();
      customer.id = id;
      entities.persist(customer);
      publisher.publish(PRODUCTION, event(id));
      events.publishEvent(id);
      if (fails) {
        throw new IllegalStateException("on purpose");
      }
    }

    @TransactionalEventListener
    public void afterCommit(String id) {
      try {
        publisher.publish(PRODUCTION, event(id + "_late"));
      } catch (PublishException e) {
        failures.add(e);
      }
    }

    @PostMapping("/slow")
    String slow() throws InterruptedException {
      arrived.countDown();
      if (!gate.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("never let through");
      }
      return publisher.publish(PRODUCTION, event("evt_slow")).eventId();
    }
  }

  private static Event event(String id) {
    return Event.builder(EventName.CONTACT_CREATED)
        .id(id)
        .timestamp(Instant.parse("2026-01-09T03:42:38Z"))
        .build();
  }

  private ConfigurableApplicationContext start(String... properties) {
    ConfigurableApplicationContext app = new SpringApplicationBuilder(Application.class)
        .properties(
            "server.port=0",
            "server.shutdown=graceful",
            "spring.jpa.hibernate.ddl-auto=create",
            "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
            "management.endpoint.health.show-details=always",
            "klink.webhooks.sender.enabled=true",
            "klink.webhooks.sender.poll-interval=1h")
        .properties(properties)
        .run();
    app.getBean(WebhookSender.class)
        .webhooks()
        .create(PRODUCTION)
        .name("Test")
        .url("http://127.0.0.1:" + endpoint.getAddress().getPort() + "/hook")
        .subscribe(EventName.CONTACT_CREATED)
        .save();
    return app;
  }

  private static URI uri(ConfigurableApplicationContext app, String target) {
    return URI.create("http://127.0.0.1:"
        + app.getEnvironment().getRequiredProperty("local.server.port") + target);
  }

  @Test
  void publish_inATransaction_isKeptOrLostWithIt() {
    assertThat(SpringBootVersion.getVersion())
        .isEqualTo(System.getProperty("tested-spring-boot.version"));
    try (ConfigurableApplicationContext app = start()) {
      Application application = app.getBean(Application.class);
      assertThatThrownBy(() -> application.create("evt_lost", true)).hasMessage("on purpose");
      application.create("evt_kept", false);

      await().untilAsserted(() -> assertThat(received).containsExactly("evt_kept"));
      assertThat(application.failures()).singleElement().isInstanceOf(PublishException.class);
    }
  }

  @Test
  void actuator_onThisVersion_showsHealthAndMeters() throws Exception {
    try (ConfigurableApplicationContext app = start()) {
      app.getBean(Application.class).create("evt_1", false);
      await().ignoreExceptions().untilAsserted(() -> assertThat(app.getBean(MeterRegistry.class)
              .get("klink.webhooks.attempts")
              .timer()
              .count())
          .isEqualTo(1));

      String health = HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(uri(app, "/actuator/health")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();

      JsonNode sender =
          new ObjectMapper().readTree(health).path("components").path("klinkWebhookSender");
      assertThat(sender.path("status").asText()).isEqualTo("UP");
      assertThat(sender.path("details").path("node").path("phase").asText()).isEqualTo("started");
    }
  }

  @Test
  void attempt_onThisVersion_isLinkedToThePublisher() {
    try (ConfigurableApplicationContext app = start("klink.webhooks.sender.tracing.enabled=true")) {
      Tracer tracer = app.getBean(Tracer.class);
      Span publisher = tracer.spanBuilder().setNoParent().name("publisher").start();
      try (Tracer.SpanInScope scope = tracer.withSpan(publisher)) {
        app.getBean(Application.class).create("evt_1", false);
      }

      SpanData attempt = await()
          .until(
              () -> app.getBean(InMemorySpanExporter.class).getFinishedSpanItems().stream()
                  .filter(span -> span.getName().equals("send webhook"))
                  .toList(),
              spans -> spans.size() == 1)
          .get(0);
      assertThat(attempt.getParentSpanContext().isValid()).isFalse();
      assertThat(attempt.getLinks())
          .extracting(link -> link.getSpanContext().getSpanId())
          .containsExactly(publisher.context().spanId());
    }
  }

  @Test
  void shutdown_onThisVersion_letsRequestsPublish() throws Exception {
    ConfigurableApplicationContext app = start();
    Application application = app.getBean(Application.class);
    URI slow = uri(app, "/slow");
    CompletableFuture<HttpResponse<String>> response = HttpClient.newHttpClient()
        .sendAsync(
            HttpRequest.newBuilder(slow).POST(HttpRequest.BodyPublishers.noBody()).build(),
            HttpResponse.BodyHandlers.ofString());
    application.awaitRequest();

    CompletableFuture<Void> closing = CompletableFuture.runAsync(app::close);
    await().until(() -> !isOpen(slow));
    application.letThrough();

    assertThat(response.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    closing.get(30, TimeUnit.SECONDS);
    assertThat(received).containsExactly("evt_slow");
  }

  private static boolean isOpen(URI uri) {
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void start_withAPropertyThatIsWrong_isExplained(CapturedOutput output) {
    assertThatThrownBy(() -> start("klink.webhooks.sender.lease=1s").close()).isNotNull();

    assertThat(output)
        .contains("APPLICATION FAILED TO START", "Property: klink.webhooks.sender.lease");
  }
}
