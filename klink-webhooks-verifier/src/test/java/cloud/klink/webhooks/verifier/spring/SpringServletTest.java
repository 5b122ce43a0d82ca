package cloud.klink.webhooks.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.verifier.testing.SignedRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** A servlet application without Spring Security, in a real Tomcat. */
class SpringServletTest {

  record Message(String text, int room) {}

  @Configuration
  @EnableAutoConfiguration(
      exclude = {
        DataSourceAutoConfiguration.class,
        SecurityAutoConfiguration.class,
        ServletWebSecurityAutoConfiguration.class,
        SecurityFilterAutoConfiguration.class,
        ManagementWebSecurityAutoConfiguration.class
      })
  @RestController
  static class Application {
    final List<String> handled = new CopyOnWriteArrayList<>();

    @KlinkWebhook("message.inbound")
    void onMessage(Message message, Event event) {
      handled.add(event.id().orElseThrow() + " " + message);
    }

    /** Everything else of the application. */
    @RequestMapping("/**")
    String page(HttpServletRequest request) {
      return "page " + request.getRequestURI();
    }
  }

  private static App start(String... properties) {
    return App.start(List.of(Application.class), properties);
  }

  private static List<String> handled(App app) {
    return app.bean(Application.class).handled;
  }

  @Test
  void event_withASignature_isHandledOnceWithItsDataBound() {
    try (App app = start()) {
      assertThat(app.deliver("message.inbound", "evt_1").body()).contains("processed");
      assertThat(app.deliver("message.inbound", "evt_1").body()).contains("duplicate");
      assertThat(app.deliver("room.solved", "evt_2").body()).contains("ignored");

      assertThat(handled(app)).containsExactly("evt_1 Message[text=hello, room=7]");
    }
  }

  @Test
  void request_withoutASignature_isRefused() {
    try (App app = start()) {
      SignedRequest request = App.signed("message.inbound", "evt_1");

      assertThat(app.post(request.target(), Map.of(), request.text()).statusCode())
          .isEqualTo(401);
      assertThat(app.get("/webhooks/klink?env=test").statusCode()).isEqualTo(405);
      assertThat(handled(app)).isEmpty();
    }
  }

  @Test
  void request_forAnotherPath_reachesTheApplication() {
    try (App app = start()) {
      for (String path : List.of("/", "/webhooks", "/webhooks/klink/more", "/webhooks/klinks")) {
        assertThat(app.get(path).body()).isEqualTo("page " + path);
      }
    }
  }

  @Test
  void request_forAnotherSpellingOfThePath_reachesNothing() {
    try (App app = start()) {
      SignedRequest request = App.signed("message.inbound", "evt_1");
      for (String path : List.of(
          "/webhooks/klink/",
          "/webhooks/klink;x",
          "/webhooks;x=1/klink",
          "/webhooks/klink/;x",
          "/webhooks/klink;x/")) {
        var response = app.post(path + "?env=test", request.headers(), request.text());

        assertThat(response.statusCode()).as(path).isEqualTo(404);
        assertThat(response.body()).as(path).doesNotContain("page").contains("wrong_path");
      }
      assertThat(handled(app)).isEmpty();
    }
  }

  @Test
  void path_inAnApplicationWithAContextPath_isThatOfThePublicUrl() {
    try (App app = start("server.servlet.context-path=/webhooks")) {
      assertThat(app.deliver("message.inbound", "evt_1").statusCode()).isEqualTo(200);
      assertThat(app.get("/webhooks/other").body()).isEqualTo("page /webhooks/other");
    }
  }

  @Test
  void path_behindAProxyThatChangesIt_isTheOneThatIsSet() {
    try (App app =
        start("server.servlet.context-path=/app", "klink.webhooks.receiver.path=/internal/klink")) {
      SignedRequest request = App.signed("message.inbound", "evt_1");

      assertThat(app.post("/app/internal/klink?env=test", request.headers(), request.text())
              .statusCode())
          .isEqualTo(200);
      assertThat(app.post("/app/internal/klink;x?env=test", request.headers(), request.text())
              .statusCode())
          .isEqualTo(404);
    }
  }
}
