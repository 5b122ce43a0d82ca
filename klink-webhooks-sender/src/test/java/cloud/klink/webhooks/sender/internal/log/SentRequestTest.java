package cloud.klink.webhooks.sender.internal.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.event.WebSocketMessage;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.delivery.SentRequest;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.signature.SigningSecret;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the log shows of a request is what was sent, but for the secrets. */
class SentRequestTest {
  private static final Set<String> OF_HTTP = Set.of("host", "content-length", "connection");
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38Z");

  private final MockWebServer server = new MockWebServer();
  private final WebhookSender sender = WebhookSender.builder(new InMemoryStorage())
      .endpoints(EndpointPolicy.forDevelopment())
      .build();

  @BeforeEach
  void start() throws IOException {
    server.start();
    sender.start();
  }

  @AfterEach
  void stop() {
    sender.stop(Duration.ZERO).join();
    server.close();
  }

  private Delivery failed(Webhook webhook) {
    server.enqueue(new MockResponse.Builder().code(500).body("broken").build());
    Event event = Event.parse(
        ("{\"event\":\"contact.created\",\"id\":\"evt_1\",\"data\":{\"name\":\"ចាន់ដារ៉ា\",\"a\":1},"
                + "\"timestamp\":\"2026-01-09T03:42:38.000000Z\"}")
            .getBytes(UTF_8));
    String id = sender.publish(webhook.environment(), event).deliveryIds().get(0);
    await().until(() -> !sender.deliveries().attempts(id).isEmpty());
    return sender.deliveries().find(id).orElseThrow();
  }

  private Webhook webhook() {
    return sender
        .webhooks()
        .create(Environment.PRODUCTION)
        .name("Orders")
        .url(server.url("/hook?b=2&a=1").toString())
        .headerAuthentication("X-API-Key", "token-4711")
        .subscribeAll(EventGroup.CONTACT)
        .save();
  }

  @Test
  void request_ofAnAttempt_isWhatCameButForTheSecrets() throws InterruptedException {
    Webhook webhook = webhook();
    Delivery delivery = failed(webhook);
    RecordedRequest came = server.takeRequest();

    SentRequest sent = sender.deliveries().request(delivery.id(), 1).orElseThrow();

    Map<String, String> visible = new LinkedHashMap<>();
    Headers headers = came.getHeaders();
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      if (!OF_HTTP.contains(name.toLowerCase(Locale.ROOT))) {
        boolean isSecret = Set.of("X-API-Key", "X-Signature").contains(name);
        visible.put(name, isSecret ? "***" : headers.value(i));
      }
    }
    assertThat(sent.headers()).containsExactlyEntriesOf(visible);
    assertThat(sent.method()).isEqualTo(DeliveryMethod.WEBHOOK);
    assertThat(sent.url()).isEqualTo(webhook.url());
    assertThat(sent.body().getBytes(UTF_8))
        .isEqualTo(Objects.requireNonNull(came.getBody()).toByteArray());
    assertThat(sent.toString()).doesNotContain("evt_1", "token-4711");
  }

  @Test
  void request_canonicalString_isWhatTheSignatureCovers() throws InterruptedException {
    Webhook webhook = webhook();
    Delivery delivery = failed(webhook);
    RecordedRequest came = server.takeRequest();

    SentRequest sent = sender.deliveries().request(delivery.id(), 1).orElseThrow();

    CanonicalRequest request =
        CanonicalRequest.of("POST", sent.url(), sent.body().getBytes(UTF_8), Dialect.KLINK);
    SigningSecret secret = sender.webhooks().revealSecret(webhook.id());
    assertThat(sent.canonical()).contains(request.text());
    assertThat(secret.sign(request).hex()).isEqualTo(came.getHeaders().get("X-Signature"));
  }

  @Test
  void request_ofAWebhookEditedSince_showsWhereItWent() {
    Webhook webhook = webhook();
    Delivery delivery = failed(webhook);

    sender
        .webhooks()
        .edit(webhook)
        .url("https://example.com/new")
        .noAuthentication()
        .save();

    SentRequest sent = sender.deliveries().request(delivery.id(), 1).orElseThrow();
    assertThat(sent.url()).isEqualTo(webhook.url());
    assertThat(sent.headers()).containsKey("X-API-Key");
  }

  @Test
  void request_ofNoSuchAttempt_isEmpty() {
    Delivery delivery = failed(webhook());

    assertThat(sender.deliveries().request(delivery.id(), 2)).isEmpty();
    assertThat(sender.deliveries().request("dlv_none", 1)).isEmpty();
  }

  @Test
  void request_overAWebSocket_showsTheMessageWithoutItsSignature() {
    EventBody body = EventBody.of("{\"a\":1}".getBytes(UTF_8));

    SentRequest sent = SentRequests.of(delivery(), attempt("wss://example.com/hook"), body);

    assertThat(sent.body())
        .isEqualTo("{\"id\":\"dlv_1\",\"signature\":\"***\",\"body\":{\"a\":1}}");
    assertThat(sent.headers()).containsOnlyKeys("User-Agent");
    assertThat(sent.canonical()).contains("POSTwss://example.com/hook{\"a\":1}");
    assertThat(WebSocketMessage.findId(sent.body())).contains("dlv_1");
  }

  @Test
  void request_ofADamagedEvent_hasNoCanonicalString() {
    EventBody body = EventBody.of("{\"a\":".getBytes(UTF_8));

    SentRequest sent = SentRequests.of(delivery(), attempt("wss://example.com/hook"), body);

    assertThat(sent.canonical()).isEmpty();
  }

  private static Delivery delivery() {
    return Delivery.builder()
        .id("dlv_1")
        .webhookId("wh_1")
        .environment(Environment.PRODUCTION)
        .eventId("evt_1")
        .eventName(EventName.CONTACT_CREATED)
        .state(DeliveryState.FAILED)
        .attempts(1)
        .createdAt(NOW)
        .finishedAt(NOW)
        .build();
  }

  private static Attempt attempt(String url) {
    return new Attempt(
        "dlv_1",
        1,
        NOW,
        Duration.ZERO,
        DeliveryMethod.WEBSOCKET,
        url,
        "",
        AttemptResult.failed(AttemptOutcome.TIMED_OUT, "no answer"));
  }
}
