package cloud.klink.webhooks.sender.spring;

import static cloud.klink.webhooks.event.Environment.PRODUCTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.WebhookSender;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Closing the application while a request that publishes is being served, in a real Tomcat. */
class SenderShutdownTest {

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      exclude = {HibernateJpaAutoConfiguration.class, FlywayAutoConfiguration.class})
  @Import({Endpoint.Allowed.class, Orders.class})
  static class Application {}

  /** Publishes when the test lets it. */
  @RestController
  static class Orders {
    final CountDownLatch arrived = new CountDownLatch(1);
    final CountDownLatch gate = new CountDownLatch(1);
    private final WebhookPublisher publisher;

    Orders(WebhookPublisher publisher) {
      this.publisher = publisher;
    }

    @PostMapping("/orders")
    String order() throws InterruptedException {
      arrived.countDown();
      if (!gate.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("never let through");
      }
      return publisher.publish(PRODUCTION, Endpoint.event("evt_1")).eventId();
    }
  }

  private static ConfigurableApplicationContext start() {
    return new SpringApplicationBuilder(Application.class)
        .properties(
            "server.port=0",
            "server.shutdown=graceful",
            "spring.main.banner-mode=off",
            "spring.liquibase.enabled=false",
            "klink.webhooks.sender.enabled=true",
            "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1")
        .run();
  }

  @Test
  void phase_ofTheSender_isBelowThoseOfTheWebServerAndTheReceiver() {
    assertThat(SenderLifecycle.PHASE)
        .isLessThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE)
        .isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE)
        .isLessThan(SmartLifecycle.DEFAULT_PHASE - 3 * 1024);
  }

  @Test
  void request_thatIsServedDuringShutdown_publishesAndIsDelivered() throws Exception {
    try (Endpoint endpoint = Endpoint.start()) {
      ConfigurableApplicationContext app = start();
      WebhookSender sender = app.getBean(WebhookSender.class);
      Orders orders = app.getBean(Orders.class);
      endpoint.subscribeTo(sender);
      URI uri = URI.create("http://127.0.0.1:"
          + app.getEnvironment().getRequiredProperty("local.server.port") + "/orders");
      CompletableFuture<HttpResponse<String>> response = HttpClient.newHttpClient()
          .sendAsync(
              HttpRequest.newBuilder(uri)
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(orders.arrived.await(20, TimeUnit.SECONDS)).isTrue();

      CompletableFuture<Void> closing = CompletableFuture.runAsync(app::close);
      // The web server stops first: nobody else is let in any more.
      await().until(() -> !isOpen(uri));
      assertThat(sender.health().isStarted()).isTrue();
      orders.gate.countDown();

      assertThat(response.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      closing.get(30, TimeUnit.SECONDS);
      assertThat(endpoint.received()).containsExactly("evt_1");
      assertThat(sender.health().isStopped()).isTrue();
    }
  }

  private static boolean isOpen(URI uri) {
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
