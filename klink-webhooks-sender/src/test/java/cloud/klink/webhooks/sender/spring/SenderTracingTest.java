package cloud.klink.webhooks.sender.spring;

import static cloud.klink.webhooks.event.Environment.PRODUCTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.internal.tracing.SenderTracer;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.BaggageInScope;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Traces from the publisher to the endpoint, by OpenTelemetry as Spring Boot sets it up. */
class SenderTracingTest {
  private final MockWebServer server = new MockWebServer();

  private final ApplicationContextRunner untraced = new ApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(
          DataSourceAutoConfiguration.class,
          DataSourceTransactionManagerAutoConfiguration.class,
          JdbcTemplateAutoConfiguration.class,
          TransactionAutoConfiguration.class,
          WebhookSenderAutoConfiguration.class,
          WebhookSenderTracingAutoConfiguration.class))
      .withUserConfiguration(Endpoint.Allowed.class)
      .withPropertyValues(
          "klink.webhooks.sender.enabled=true",
          "klink.webhooks.sender.shutdown-timeout=1s",
          "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");

  private final ApplicationContextRunner withTracer = untraced
      .withConfiguration(AutoConfigurations.of(
          ObservationAutoConfiguration.class,
          OpenTelemetrySdkAutoConfiguration.class,
          OpenTelemetryTracingAutoConfiguration.class,
          MicrometerTracingAutoConfiguration.class))
      .withUserConfiguration(Exporter.class)
      .withPropertyValues(
          "management.tracing.sampling.probability=1",
          "management.tracing.baggage.remote-fields=tenant");

  private final ApplicationContextRunner runner =
      withTracer.withPropertyValues("klink.webhooks.sender.tracing.enabled=true");

  @BeforeEach
  void start() throws IOException {
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Keeps the spans that have ended, and the meters of observations. */
  @Configuration(proxyBeanMethods = false)
  static class Exporter {
    @Bean
    InMemorySpanExporter exporter() {
      return InMemorySpanExporter.create();
    }

    @Bean
    SpanProcessor processor(InMemorySpanExporter exporter) {
      return SimpleSpanProcessor.create(exporter);
    }

    @Bean
    MeterRegistry meters() {
      return new SimpleMeterRegistry();
    }

    @Bean
    DefaultMeterObservationHandler timers(MeterRegistry meters) {
      return new DefaultMeterObservationHandler(meters);
    }
  }

  private void run(ApplicationContextRunner with, Consumer<ApplicationContext> test) {
    with.run(context -> {
      assertThat(context).hasNotFailed();
      subscribe(context, "Test", "/hook");
      test.accept(context);
    });
  }

  private void subscribe(ApplicationContext context, String name, String path) {
    context
        .getBean(WebhookSender.class)
        .webhooks()
        .create(PRODUCTION)
        .name(name)
        .url(server.url(path).toString())
        .subscribe(EventName.CONTACT_CREATED)
        .save();
  }

  private void answer(int... statuses) {
    for (int status : statuses) {
      server.enqueue(new MockResponse.Builder().code(status).build());
    }
  }

  private RecordedRequest received() {
    try {
      return Objects.requireNonNull(server.takeRequest(10, TimeUnit.SECONDS), "no request came");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void publish(ApplicationContext context) {
    context.getBean(WebhookPublisher.class).publish(PRODUCTION, Endpoint.event("evt_1"));
  }

  /** As a controller does: within the observation of its request. */
  private static void publishObserved(ApplicationContext context) {
    Observation.createNotStarted("publisher", context.getBean(ObservationRegistry.class))
        .observe(() -> publish(context));
  }

  private static SpanData publisher(ApplicationContext context) {
    return spans(context, "publisher", 1).get(0);
  }

  private static List<SpanData> spans(ApplicationContext context, String name, int count) {
    return await()
        .until(
            () -> context.getBean(InMemorySpanExporter.class).getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .toList(),
            found -> found.size() == count);
  }

  private static void assertLinked(SpanData attempt, SpanData publisher) {
    assertThat(attempt.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(attempt.getParentSpanContext().isValid()).isFalse();
    assertThat(attempt.getTraceId()).isNotEqualTo(publisher.getTraceId());
    SpanContext link = attempt.getLinks().stream()
        .map(LinkData::getSpanContext)
        .reduce((first, second) -> second)
        .orElseThrow();
    assertThat(link.getTraceId()).isEqualTo(publisher.getTraceId());
    assertThat(link.getSpanId()).isEqualTo(publisher.getSpanId());
    assertThat(link.isSampled()).isTrue();
  }

  @Test
  void attempt_ofATracedPublisher_hasASpanOfItsOwnWithALinkToIt() {
    answer(200);
    run(runner, context -> {
      publishObserved(context);

      SpanData attempt = spans(context, "send webhook", 1).get(0);
      assertLinked(attempt, publisher(context));
      assertThat(attempt.getStatus().getStatusCode()).isEqualTo(StatusCode.OK);
      Map<String, String> attributes = new HashMap<>();
      attempt.getAttributes().forEach((key, value) -> attributes.put(key.getKey(), (String) value));
      assertThat(attributes)
          .containsEntry("event.id", "evt_1")
          .containsEntry("event.name", "contact.created")
          .containsEntry("attempt", "1")
          .containsEntry("outcome", "succeeded")
          .containsEntry("http.status", "200")
          .containsKeys("webhook.id", "delivery.id", "method");
      // The handlers of an observation stop one after the other.
      await()
          .until(
              () -> context
                  .getBean(MeterRegistry.class)
                  .find("klink.webhooks.attempt")
                  .timer(),
              Objects::nonNull);
    });
  }

  @Test
  void attempts_thatFail_areMarkedAndEachLinkedToThePublisher() {
    answer(500, 200);
    RetryPolicy soon = RetryPolicy.after(Duration.ofMillis(10));
    run(
        runner.withBean(
            DeliveryPolicy.class,
            () -> DeliveryPolicy.builder().retries(soon).jitter(0).build()),
        context -> {
          publishObserved(context);

          List<SpanData> attempts = spans(context, "send webhook", 2);
          attempts.forEach(attempt -> assertLinked(attempt, publisher(context)));
          assertThat(attempts)
              .extracting(attempt -> attempt.getStatus().getStatusCode())
              .containsExactlyInAnyOrder(StatusCode.ERROR, StatusCode.OK);
        });
  }

  @Test
  void attempt_afterACommit_isLinkedToThePublisher() {
    answer(200);
    run(runner, context -> {
      TransactionTemplate transaction =
          new TransactionTemplate(context.getBean(PlatformTransactionManager.class));

      transaction.executeWithoutResult(status -> publishObserved(context));

      assertLinked(spans(context, "send webhook", 1).get(0), publisher(context));
    });
  }

  @Test
  void attempt_ofAnUntracedPublisher_hasASpanWithoutLink() {
    answer(200);
    run(runner, context -> {
      publish(context);

      assertThat(spans(context, "send webhook", 1).get(0).getLinks()).isEmpty();
    });
  }

  @Test
  void request_unlessItIsWanted_tellsOfNoSpan() {
    answer(200);
    run(runner, context -> {
      publishObserved(context);

      assertThat(received().getHeaders().names()).doesNotContain("traceparent", "baggage");
    });
  }

  @Test
  void request_whereItIsWanted_tellsOfTheAttemptsSpanAndNotOfBaggage() {
    answer(200);
    run(runner.withPropertyValues("klink.webhooks.sender.tracing.propagate=true"), context -> {
      Tracer tracer = context.getBean(Tracer.class);
      Observation.createNotStarted("publisher", context.getBean(ObservationRegistry.class))
          .observe(() -> {
            try (BaggageInScope tenant = tracer.createBaggageInScope("tenant", "acme")) {
              assertThat(tenant.get()).isEqualTo("acme");
              publish(context);
            }
          });

      RecordedRequest request = received();
      SpanData attempt = spans(context, "send webhook", 1).get(0);
      assertThat(request.getHeaders().values("traceparent"))
          .containsExactly("00-" + attempt.getTraceId() + "-" + attempt.getSpanId() + "-01");
      assertThat(request.getHeaders().names())
          .doesNotContain("baggage", "tracestate", "tenant", "b3");
      assertThat(request.getHeaders().toString()).doesNotContain("acme");
      assertThat(context
              .getBean(JdbcTemplate.class)
              .queryForList("SELECT traceparent FROM klink_event", String.class))
          .containsExactly("00-" + publisher(context).getTraceId() + "-"
              + publisher(context).getSpanId() + "-01");
    });
  }

  @Test
  void request_toARecipientOfABean_tellsOfTheSpan() {
    answer(200, 200);
    TraceParentRecipients own = webhook -> webhook.name().equals("Own");
    run(runner.withBean(TraceParentRecipients.class, () -> own), context -> {
      subscribe(context, "Own", "/own");
      publishObserved(context);

      for (RecordedRequest request : List.of(received(), received())) {
        boolean isOwn = request.getUrl().encodedPath().equals("/own");
        assertThat(request.getHeaders().names().contains("traceparent")).isEqualTo(isOwn);
      }
    });
  }

  @Test
  void sender_unlessItIsSaid_tracesNothing() {
    answer(200);
    run(withTracer, context -> {
      publishObserved(context);
      received();

      assertThat(context.getBeansOfType(SenderTracer.class)).isEmpty();
      assertThat(context
              .getBean(JdbcTemplate.class)
              .queryForObject("SELECT traceparent FROM klink_event", String.class))
          .isNull();
    });
  }

  @Test
  void start_withoutATracer_isRefusedWithTheRemedy() {
    ApplicationContextRunner wanted =
        untraced.withPropertyValues("klink.webhooks.sender.tracing.enabled=true");

    wanted.run(context -> assertRefused(context.getStartupFailure()));
    wanted
        .withClassLoader(new FilteredClassLoader("io.micrometer"))
        .run(context -> assertRefused(context.getStartupFailure()));
  }

  private static void assertRefused(Throwable failure) {
    FailureAnalysis analysis = new SenderFailureAnalyzer().analyze(failure);
    assertThat(analysis).isNotNull();
    assertThat(analysis.getDescription()).contains("klink.webhooks.sender.tracing.enabled");
    assertThat(analysis.getAction()).contains("spring-boot-starter-opentelemetry");
  }
}
