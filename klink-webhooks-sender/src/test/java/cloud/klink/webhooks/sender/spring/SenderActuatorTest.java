package cloud.klink.webhooks.sender.spring;

import static cloud.klink.webhooks.event.Environment.PRODUCTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.WebhookSender;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Meters and health where Spring Boot's Actuator looks for them. */
class SenderActuatorTest {
  private final ApplicationContextRunner runner = new ApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(
          DataSourceAutoConfiguration.class,
          EndpointAutoConfiguration.class,
          HealthContributorAutoConfiguration.class,
          HealthContributorRegistryAutoConfiguration.class,
          MetricsAutoConfiguration.class,
          CompositeMeterRegistryAutoConfiguration.class,
          SimpleMetricsExportAutoConfiguration.class,
          WebhookSenderAutoConfiguration.class,
          WebhookSenderHealthAutoConfiguration.class,
          WebhookSenderMetricsAutoConfiguration.class))
      .withUserConfiguration(Endpoint.Allowed.class)
      .withPropertyValues(
          "klink.webhooks.sender.enabled=true",
          "klink.webhooks.sender.shutdown-timeout=1s",
          "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");

  @Test
  void meters_ofAttempts_areInTheRegistry() {
    try (Endpoint endpoint = Endpoint.start()) {
      runner.run(context -> {
        endpoint.subscribeTo(context.getBean(WebhookSender.class));
        context.getBean(WebhookPublisher.class).publish(PRODUCTION, Endpoint.event("evt_1"));

        MeterRegistry registry = context.getBean(MeterRegistry.class);
        await()
            .ignoreExceptions()
            .untilAsserted(
                () -> assertThat(registry.get("klink.webhooks.attempts").timer().count())
                    .isEqualTo(1));
        assertThat(registry.get("klink.webhooks.storage.up").gauge().value()).isEqualTo(1);
      });
    }
  }

  @Test
  void health_ofTheSender_isInTheRegistry() {
    runner.run(context -> {
      HealthContributorRegistry registry = context.getBean(HealthContributorRegistry.class);
      HealthIndicator sender = (HealthIndicator) registry.getContributor("klinkWebhookSender");
      assertThat(sender).isNotNull();
      assertThat(sender.health().getStatus()).isEqualTo(Status.UP);
      assertThat(sender.health().getDetails()).containsKeys("problems", "node", "storage");

      context.getBean(WebhookSender.class).close();

      assertThat(sender.health().getStatus()).isEqualTo(Status.DOWN);
    });
  }

  @Test
  void health_thatIsSwitchedOff_isNotThere() {
    runner
        .withPropertyValues("management.health.klinkwebhooksender.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean("klinkWebhookSenderHealthIndicator"));
  }
}
