package cloud.klink.webhooks.sender.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.transport.SocketServer;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A whole sender, as it is built, with a webhook of the method websocket. */
class WebSocketSenderTest {
  private static final Environment PRODUCTION = Environment.PRODUCTION;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final SocketServer server = SocketServer.acking();
  private final WebhookSender sender = WebhookSender.builder(new InMemoryStorage())
      .endpoints(EndpointPolicy.forDevelopment())
      .policy(DeliveryPolicy.builder()
          .retries(RetryPolicy.after(Duration.ofMillis(50)))
          .build())
      .build();

  @BeforeEach
  void start() {
    sender.start();
  }

  @AfterEach
  void stop() {
    sender.stop(Duration.ZERO).join();
    server.close();
  }

  private Webhook webhook() {
    return sender
        .webhooks()
        .create(PRODUCTION)
        .name("Orders")
        .method(DeliveryMethod.WEBSOCKET)
        .url(server.url())
        .headerAuthentication("X-Api-Key", "first")
        .subscribe(EventName.CONTACT_CREATED)
        .save();
  }

  private String publish() {
    Event event =
        Event.builder(EventName.CONTACT_CREATED).timestamp(Instant.EPOCH).build();
    return sender.publish(PRODUCTION, event).deliveryIds().get(0);
  }

  private List<Attempt> attempts(String id, DeliveryState state) {
    await()
        .atMost(PATIENCE)
        .until(() -> sender.deliveries().find(id).orElseThrow().state() == state);
    return sender.deliveries().attempts(id);
  }

  private boolean verifies(Webhook webhook, WebSocketMessage message) {
    CanonicalRequest request =
        CanonicalRequest.of("POST", webhook.url(), message.body(), Dialect.KLINK);
    return sender.webhooks().revealSecret(webhook.id()).verifies(request, message.signature());
  }

  @Test
  void publish_toAWebSocket_isSignedAsAPostAndInTheLog() {
    Webhook webhook = webhook();

    String id = publish();

    List<Attempt> attempts = attempts(id, DeliveryState.SUCCEEDED);
    WebSocketMessage message = WebSocketMessage.parse(server.text());
    assertThat(message.id()).isEqualTo(id);
    assertThat(verifies(webhook, message)).isTrue();
    assertThat(attempts).singleElement().satisfies(attempt -> {
      assertThat(attempt.result().outcome()).isEqualTo(AttemptOutcome.SUCCEEDED);
      assertThat(attempt.result().status()).isEmpty();
      assertThat(attempt.method()).isEqualTo(DeliveryMethod.WEBSOCKET);
      assertThat(attempt.url()).isEqualTo(webhook.url());
      assertThat(attempt.authenticationHeader()).isEqualTo("X-Api-Key");
    });
  }

  @Test
  void publish_refusedByANack_isTriedAgainOverAnotherConnection() {
    webhook();
    server.answering((socket, message) -> {
      if (server.waiting() < 2) {
        socket.send("{\"nack\":\"" + message.id() + "\",\"reason\":\"busy\"}");
      } else {
        SocketServer.ack(socket, message.id());
      }
    });

    List<Attempt> attempts = attempts(publish(), DeliveryState.SUCCEEDED);

    assertThat(attempts)
        .extracting(one -> one.result().outcome(), one -> one.result().error())
        .containsExactly(
            tuple(AttemptOutcome.REJECTED, "busy"), tuple(AttemptOutcome.SUCCEEDED, ""));
    assertThat(server.handshakes()).hasSize(2);
  }

  @Test
  void publish_afterAnEdit_goesOverAConnectionWithTheNewHeaderAndSecret() {
    Webhook webhook = webhook();
    attempts(publish(), DeliveryState.SUCCEEDED);
    server.text();
    sender.webhooks().edit(webhook).headerAuthentication("X-Api-Key", "second").save();
    sender.webhooks().regenerateSecret(webhook.id());

    attempts(publish(), DeliveryState.SUCCEEDED);

    assertThat(verifies(webhook, WebSocketMessage.parse(server.text()))).isTrue();
    assertThat(server.handshakes())
        .extracting(handshake -> handshake.getHeaders().get("X-Api-Key"))
        .containsExactly("first", "second");
    assertThat(server.end()).isEqualTo("1000");
  }

  @Test
  void publish_toAnEndpointThatBecameForbidden_sendsNothing() {
    InMemoryStorage storage = new InMemoryStorage();
    try (WebhookSender careless = WebhookSender.builder(storage)
            .endpoints(EndpointPolicy.forDevelopment())
            .build();
        WebhookSender careful = WebhookSender.builder(storage)
            .policy(DeliveryPolicy.builder().retries(RetryPolicy.after()).build())
            .build()) {
      careless
          .webhooks()
          .create(PRODUCTION)
          .name("Local")
          .method(DeliveryMethod.WEBSOCKET)
          .url(server.url())
          .subscribe(EventName.CONTACT_CREATED)
          .save();
      careful.start();
      Event event =
          Event.builder(EventName.CONTACT_CREATED).timestamp(Instant.EPOCH).build();
      String id = careful.publish(PRODUCTION, event).deliveryIds().get(0);
      await()
          .atMost(PATIENCE)
          .until(() -> careful.deliveries().find(id).orElseThrow().state() == DeliveryState.FAILED);

      assertThat(careful.deliveries().attempts(id).get(0).result().outcome())
          .isEqualTo(AttemptOutcome.NOT_ALLOWED);
      assertThat(server.handshakes()).isEmpty();
    }
  }

  @Test
  void stop_withAnOpenConnection_saysThatItGoes() {
    webhook();
    attempts(publish(), DeliveryState.SUCCEEDED);

    sender.stop(Duration.ZERO).join();

    assertThat(server.end()).isEqualTo("1001");
  }

  @Test
  void stop_withAMessageInFlight_givesItBackAndAnotherSenderSendsIt() {
    InMemoryStorage storage = new InMemoryStorage();
    server.answering((socket, message) -> {});
    WebhookSender first = WebhookSender.builder(storage)
        .endpoints(EndpointPolicy.forDevelopment())
        .build();
    first
        .webhooks()
        .create(PRODUCTION)
        .name("Orders")
        .method(DeliveryMethod.WEBSOCKET)
        .url(server.url())
        .subscribe(EventName.CONTACT_CREATED)
        .save();
    first.start();
    Event event =
        Event.builder(EventName.CONTACT_CREATED).timestamp(Instant.EPOCH).build();
    String id = first.publish(PRODUCTION, event).deliveryIds().get(0);
    server.text();

    first.stop(Duration.ZERO).join();

    server.answering((socket, message) -> SocketServer.ack(socket, message.id()));
    try (WebhookSender second = WebhookSender.builder(storage)
        .endpoints(EndpointPolicy.forDevelopment())
        .build()) {
      second.start();
      await()
          .atMost(PATIENCE)
          .until(
              () -> second.deliveries().find(id).orElseThrow().state() == DeliveryState.SUCCEEDED);
      assertThat(second.deliveries().attempts(id)).hasSize(1);
    }
  }
}
