package cloud.klink.webhooks.sender.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole sender whose endpoint ends its connections, as many servers do. */
class ConnectionEndSenderTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Enough that every second one would pause the webhook if it failed. */
  private static final int EVENTS = 200;

  private static final Http1Endpoint.Script HTTP_10 = (connection, request, socket, out) -> {
    RawServer.say(out, "HTTP/1.0 200 OK\r\nServer: SimpleHTTP/0.6 Python/3.11.2\r\n\r\nok");
    socket.close();
  };

  private static final Http1Endpoint.Script CLOSING = (connection, request, socket, out) -> {
    RawServer.say(out, Http1Endpoint.OK);
    socket.close();
  };

  /** Publishes one event after the other, each when the one before has been delivered. */
  private static List<AttemptResult> results(String url) {
    try (WebhookSender sender = WebhookSender.builder(new InMemoryStorage())
        .endpoints(EndpointPolicy.forDevelopment())
        .build()) {
      Webhook webhook = sender
          .webhooks()
          .create(Environment.PRODUCTION)
          .name("closing")
          .url(url)
          .subscribe(EventName.CONTACT_CREATED)
          .save();
      sender.start();
      List<AttemptResult> results = new ArrayList<>();
      for (int i = 0; i < EVENTS; i++) {
        String delivery = sender
            .publish(
                Environment.PRODUCTION,
                Event.builder(EventName.CONTACT_CREATED)
                    .timestamp(Instant.EPOCH)
                    .build())
            .deliveryIds()
            .get(0);
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(2))
            .until(() -> !sender.deliveries().attempts(delivery).isEmpty());
        results.add(sender.deliveries().attempts(delivery).get(0).result());
      }
      assertThat(sender.webhooks().get(webhook.id()).orElseThrow().isPaused()).isFalse();
      return results;
    }
  }

  @Test
  void events_toAnEndpointOfHttp10_allSucceedAtTheFirstSending() {
    try (Http1Endpoint endpoint = new Http1Endpoint(HTTP_10)) {
      assertThat(results(endpoint.url())).hasSize(EVENTS).allSatisfy(result -> {
        assertThat(result.succeeded()).as(result.error()).isTrue();
        assertThat(result.sentAgain()).isFalse();
      });
      assertThat(endpoint.requests()).isEqualTo(EVENTS);
    }
  }

  @Test
  void events_toAnEndpointThatClosesAfterEachAnswer_allSucceedAtTheFirstAttempt() {
    try (Http1Endpoint endpoint = new Http1Endpoint(CLOSING)) {
      assertThat(results(endpoint.url()))
          .hasSize(EVENTS)
          .allSatisfy(
              result -> assertThat(result.succeeded()).as(result.error()).isTrue());
      assertThat(endpoint.connections()).isGreaterThanOrEqualTo(EVENTS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTPServer", "ThreadingHTTPServer"})
  @Tag("debian")
  void events_toAServerOfPythons_allSucceedAtTheFirstSending(String type) {
    try (PythonServer endpoint = new PythonServer(type)) {
      assertThat(results(endpoint.url())).hasSize(EVENTS).allSatisfy(result -> {
        assertThat(result.succeeded()).as(result.error()).isTrue();
        assertThat(result.sentAgain()).isFalse();
      });
    }
  }
}
