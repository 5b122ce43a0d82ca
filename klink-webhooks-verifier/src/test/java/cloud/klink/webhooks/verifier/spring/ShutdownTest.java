package cloud.klink.webhooks.verifier.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.verifier.receive.FailureHandler;
import cloud.klink.webhooks.verifier.receive.WebhookReceiver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Closing the application while acknowledged events wait, in a real Tomcat. */
class ShutdownTest {

  @Configuration
  @EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
  static class Application implements AutoCloseable {
    final CountDownLatch gate = new CountDownLatch(1);
    final List<String> handled = new CopyOnWriteArrayList<>();
    final List<String> failed = new CopyOnWriteArrayList<>();
    volatile boolean destroyed;

    @KlinkWebhook("message.inbound")
    void onMessage(Event event) throws InterruptedException {
      if (!gate.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("never let through");
      }
      handled.add(event.id().orElseThrow() + (destroyed ? " too late" : ""));
    }

    @Bean
    FailureHandler failures() {
      return (webhook, failure) ->
          failed.add(webhook.event().id().orElseThrow() + (destroyed ? " too late" : ""));
    }

    @Override
    public void close() {
      destroyed = true;
    }
  }

  private static App start(String... more) {
    String[] properties = new String[more.length + 2];
    properties[0] = "klink.webhooks.receiver.acknowledge-first.enabled=true";
    properties[1] = "klink.webhooks.receiver.acknowledge-first.threads=1";
    System.arraycopy(more, 0, properties, 2, more.length);
    return App.start(List.of(Application.class), properties);
  }

  private static void deliverThree(App app) {
    for (String id : List.of("evt_1", "evt_2", "evt_3")) {
      assertThat(app.deliver("message.inbound", id).statusCode()).isEqualTo(202);
    }
  }

  @Test
  void phase_ofTheReceiver_isBelowThoseOfTheWebServer() {
    assertThat(ReceiverLifecycle.PHASE)
        .isLessThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE)
        .isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
  }

  @Test
  void shutdown_withABacklog_handlesWhatWasAcknowledged() {
    App app = start();
    Application application = app.bean(Application.class);
    WebhookReceiver receiver = app.bean(WebhookReceiver.class);
    deliverThree(app);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(app::close);
    await().until(receiver::isClosed);
    application.gate.countDown();
    closing.join();

    assertThat(application.handled).containsExactly("evt_1", "evt_2", "evt_3");
    assertThat(application.failed).isEmpty();
    assertThat(application.destroyed).isTrue();
  }

  @Test
  void shutdown_withABacklogThatTakesTooLong_handsItToTheFailureHandler() {
    App app = start("klink.webhooks.receiver.acknowledge-first.shutdown-timeout=300ms");
    Application application = app.bean(Application.class);
    deliverThree(app);

    app.close();

    assertThat(application.failed).contains("evt_2", "evt_3").doesNotContain("evt_2 too late");
    assertThat(application.handled).isEmpty();
  }
}
