package cloud.klink.webhooks.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import cloud.klink.webhooks.verifier.testing.SignedRequest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** Meters and health as Spring Boot's Actuator shows them, in a real Tomcat. */
class ActuatorTest {

  @Configuration
  @EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
  static class Application {
    @KlinkWebhook("message.inbound")
    void onMessage() {}

    @KlinkWebhook("room.solved")
    void failing() {
      throw new IllegalStateException("on purpose");
    }

    @Bean
    SecurityFilterChain open(HttpSecurity http) throws Exception {
      return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
          .build();
    }
  }

  private static App start(String... more) {
    String[] properties = new String[more.length + 2];
    properties[0] = "management.endpoint.health.show-details=always";
    properties[1] = "management.endpoints.web.exposure.include=*";
    System.arraycopy(more, 0, properties, 2, more.length);
    return App.start(List.of(Application.class), properties);
  }

  private static void deliverSome(App app) {
    app.deliver("message.inbound", "evt_1");
    app.deliver("message.inbound", "evt_1");
    app.deliver("room.solved", "evt_2");
    SignedRequest request = App.signed("message.inbound", "evt_3");
    app.post(request.target(), Map.of(), request.text());
  }

  @Test
  void meters_ofRequests_areInTheRegistry() {
    try (App app = start()) {
      deliverSome(app);
      MeterRegistry registry = app.bean(MeterRegistry.class);

      assertThat(registry
              .get("klink.webhooks.receiver.accepted")
              .tag("outcome", "processed")
              .counter()
              .count())
          .isEqualTo(1);
      assertThat(registry.get("klink.webhooks.receiver.duplicates").counter().count())
          .isEqualTo(1);
      assertThat(registry
              .get("klink.webhooks.receiver.refused")
              .tag("reason", "missing_signature")
              .counter()
              .count())
          .isEqualTo(1);
      assertThat(registry
              .get("klink.webhooks.receiver.refused")
              .tag("reason", "handler_failed")
              .counter()
              .count())
          .isEqualTo(1);
      assertThat(registry
              .get("klink.webhooks.receiver.verification")
              .tag("outcome", "authentic")
              .timer()
              .count())
          .isEqualTo(3);
      assertThat(registry
              .get("klink.webhooks.receiver.handlers")
              .tag("outcome", "failure")
              .timer()
              .count())
          .isEqualTo(1);
      assertThat(registry.get("klink.webhooks.receiver.outstanding").gauge().value())
          .isZero();
    }
  }

  @Test
  void health_ofARunningReceiver_isUpWhateverIsRefused() throws IOException {
    try (App app = start()) {
      deliverSome(app);

      JsonNode health = health(app);
      assertThat(health.path("status").asText()).isEqualTo("UP");
      assertThat(health.path("details").path("accepted").asInt()).isEqualTo(1);
      assertThat(health.path("details").path("refused").asInt()).isEqualTo(2);
      assertThat(health.path("details").path("lastRefused").asText())
          .endsWith(" missing_signature");

      app.bean(WebhookReceiver.class).close();
      assertThat(health(app).path("status").asText()).isEqualTo("OUT_OF_SERVICE");
    }
  }

  @Test
  void health_thatIsSwitchedOff_isNotContributed() throws IOException {
    try (App app = start("management.health.klinkwebhooks.enabled=false")) {
      assertThat(health(app).isMissingNode()).isTrue();
    }
  }

  @Test
  void secrets_areInNoEndpoint_evenIfValuesAreShown() {
    try (App app = start("management.endpoint.configprops.show-values=always")) {
      assertThat(app.get("/actuator/configprops").body())
          .contains("klink.webhooks.receiver")
          .doesNotContain(App.SECRET);
      assertThat(app.get("/actuator/env").body()).doesNotContain(App.SECRET);
      assertThat(app.get("/actuator/beans").body()).doesNotContain(App.SECRET);
    }
  }

  private static JsonNode health(App app) throws IOException {
    return new ObjectMapper()
        .readTree(app.get("/actuator/health").body())
        .path("components")
        .path("klinkWebhooks");
  }
}
