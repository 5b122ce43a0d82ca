package cloud.klink.webhooks.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.verifier.testing.SignedRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A servlet application with Spring Security, in a real Tomcat. */
class SpringSecurityTest {

  @Configuration
  @EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
  @RestController
  static class Application {
    final List<String> handled = new CopyOnWriteArrayList<>();

    @KlinkWebhook(group = "message")
    void onMessage(Event event) {
      handled.add(event.id().orElseThrow());
    }

    @RequestMapping("/**")
    String page() {
      return "page";
    }
  }

  @Configuration
  static class OwnChain {
    @Bean
    SecurityFilterChain chain(HttpSecurity http) throws Exception {
      return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
          .httpBasic(Customizer.withDefaults())
          .build();
    }
  }

  @Configuration
  static class GreedyChain {
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    SecurityFilterChain chain(HttpSecurity http) throws Exception {
      return http.securityMatcher("/webhooks/**")
          .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
          .build();
    }
  }

  @Configuration
  static class ReplacedChain {
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    SecurityFilterChain klinkWebhookSecurityFilterChain(
        HttpSecurity http, WebhookEndpointFilter webhooks) throws Exception {
      return http.securityMatcher(webhooks::matches)
          .csrf(csrf -> csrf.disable())
          .headers(headers -> headers.disable())
          .addFilterBefore(webhooks, AuthorizationFilter.class)
          .authorizeHttpRequests(requests -> requests.anyRequest().denyAll())
          .build();
    }
  }

  @Configuration
  static class ReplacedChainWithoutTheFilter {
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    SecurityFilterChain klinkWebhookSecurityFilterChain(HttpSecurity http) throws Exception {
      return http.securityMatcher("/webhooks/klink")
          .csrf(csrf -> csrf.disable())
          .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
          .build();
    }
  }

  private static void assertThatWebhooksArriveAndPagesAreLocked(App app) {
    assertThat(app.deliver("message.inbound", "evt_1").statusCode()).isEqualTo(200);
    assertThat(app.bean(Application.class).handled).containsExactly("evt_1");
    SignedRequest request = App.signed("message.inbound", "evt_2");
    for (String path : List.of("/", "/webhooks", "/webhooks/klink/more", "/error")) {
      assertThat(app.get(path).statusCode()).as("GET " + path).isIn(401, 403);
      assertThat(app.post(path, request.headers(), request.text()).statusCode())
          .as("POST " + path)
          .isIn(401, 403);
    }
    for (String path : List.of("/webhooks/klink/", "/webhooks/klink;x", "/webhooks/klink;x/")) {
      var response = app.post(path + "?env=test", request.headers(), request.text());
      // Spring Security's firewall refuses path parameters with a page that is locked.
      assertThat(response.statusCode()).as(path).isIn(400, 401, 404);
      assertThat(response.body()).as(path).doesNotContain("page");
    }
    assertThat(app.post(request.target(), Map.of(), request.text()).body())
        .contains("missing_signature");
    assertThat(app.bean(Application.class).handled).containsExactly("evt_1");
  }

  @Test
  void endpoint_withSpringBootsOwnChain_isOpenAndEverythingElseIsLocked() {
    try (App app = App.start(List.of(Application.class))) {
      assertThatWebhooksArriveAndPagesAreLocked(app);
    }
  }

  @Test
  void endpoint_withAChainOfTheApplication_isOpenAndEverythingElseIsLocked() {
    try (App app = App.start(List.of(Application.class, OwnChain.class))) {
      assertThatWebhooksArriveAndPagesAreLocked(app);
    }
  }

  @Test
  void endpoint_withAContextPath_isOpen() {
    try (App app = App.start(
        List.of(Application.class, OwnChain.class), "server.servlet.context-path=/webhooks")) {
      assertThat(app.deliver("message.inbound", "evt_1").statusCode()).isEqualTo(200);
      assertThat(app.get("/webhooks/other").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void chain_thatTheApplicationReplaces_isUsed() {
    try (App app = App.start(List.of(Application.class, OwnChain.class, ReplacedChain.class))) {
      var response = app.deliver("message.inbound", "evt_1");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("X-Frame-Options")).isEmpty();
    }
  }

  @Test
  void start_withAChainThatTakesThePathFirst_fails() {
    assertThatThrownBy(
            () -> App.start(List.of(Application.class, GreedyChain.class)).close())
        .hasStackTraceContaining("does not have the WebhookEndpointFilter");
  }

  @Test
  void start_withAReplacedChainThatLacksTheFilter_fails() {
    assertThatThrownBy(
            () -> App.start(List.of(Application.class, ReplacedChainWithoutTheFilter.class))
                .close())
        .hasStackTraceContaining("does not have the WebhookEndpointFilter");
  }
}
