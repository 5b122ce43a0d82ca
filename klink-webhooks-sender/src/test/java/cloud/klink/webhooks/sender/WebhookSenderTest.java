package cloud.klink.webhooks.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.InterceptedStorage;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.signature.Signature;
import cloud.klink.webhooks.signature.SigningSecret;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sender as a user has it, over real HTTP; what needs time or faults is in the simulation. */
class WebhookSenderTest {
  private static final Environment PRODUCTION = Environment.PRODUCTION;

  private final MockWebServer server = new MockWebServer();
  private final InMemoryStorage storage = new InMemoryStorage();
  private final States states = new States();
  private final WebhookSender sender = builder().build();
  private final Event event = Event.parse("""
      {"event": "contact.created", "id": "evt_1", "timestamp": "2026-01-09T03:42:38Z",
       "data": {"name": "ចាន់ដារ៉ា 😀", "a": 1.0}}
      """.getBytes(StandardCharsets.UTF_8));

  private WebhookSenderBuilder builder() {
    return builder(storage);
  }

  private WebhookSenderBuilder builder(Storage on) {
    return WebhookSender.builder(on).endpoints(EndpointPolicy.forDevelopment()).listener(states);
  }

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

  /** Hands the test what a delivery has become. */
  private static final class States implements SenderListener {
    private final BlockingQueue<DeliveryState> states = new LinkedBlockingQueue<>();

    @Override
    public void onAttempt(AttemptEvent event) {
      states.add(event.state());
      throw new IllegalStateException("A listener that throws harms nothing");
    }

    DeliveryState next() throws InterruptedException {
      return Objects.requireNonNull(states.poll(20, TimeUnit.SECONDS), "no attempt was recorded");
    }
  }

  private Webhook webhook() {
    return sender
        .webhooks()
        .create(PRODUCTION)
        .name("Orders")
        .url(server.url("/hook?b=2&a=1").toString())
        .headerAuthentication("X-API-Key", "token")
        .subscribeAll(EventGroup.CONTACT)
        .save();
  }

  private RecordedRequest taken() throws InterruptedException {
    return Objects.requireNonNull(server.takeRequest(20, TimeUnit.SECONDS), "no request came");
  }

  private void answer(int status) {
    server.enqueue(new MockResponse.Builder().code(status).body("beginning").build());
  }

  @Test
  void publish_anEvent_postsItsCanonicalBodySignedForTheUrl() throws InterruptedException {
    Webhook webhook = webhook();
    answer(204);

    Publication publication = sender.publish(PRODUCTION, event);

    RecordedRequest request = taken();
    byte[] body = Objects.requireNonNull(request.getBody()).toByteArray();
    assertThat(request.getMethod()).isEqualTo("POST");
    assertThat(request.getTarget()).isEqualTo("/hook?b=2&a=1");
    assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/json");
    assertThat(request.getHeaders().get("X-API-Key")).isEqualTo("token");
    assertThat(request.getHeaders().get("X-Klink-Event")).isEqualTo("contact.created");
    assertThat(request.getHeaders().get("X-Klink-Event-Id")).isEqualTo("evt_1");
    assertThat(request.getHeaders().get("X-Klink-Delivery-Id"))
        .isEqualTo(publication.deliveryIds().get(0));
    assertThat(request.getHeaders().get("X-Klink-Attempt")).isEqualTo("1");
    assertThat(new String(body, StandardCharsets.UTF_8))
        .isEqualTo("{\"data\":{\"a\":1,\"name\":\"ចាន់ដារ៉ា 😀\"},\"event\":\"contact.created\","
            + "\"id\":\"evt_1\",\"timestamp\":\"2026-01-09T03:42:38.000000Z\"}");
    SigningSecret secret = sender.webhooks().revealSecret(webhook.id());
    Signature signature =
        Signature.parse(Objects.requireNonNull(request.getHeaders().get("X-Signature")));
    assertThat(secret.verifies(
            CanonicalRequest.of("POST", webhook.url(), body, Dialect.GO), signature))
        .isTrue();
  }

  @Test
  void publish_thatSucceeds_isInTheLogWithItsAttempt() throws InterruptedException {
    Webhook webhook = webhook();
    answer(200);

    Publication publication = sender.publish(PRODUCTION, event);

    assertThat(states.next()).isEqualTo(DeliveryState.SUCCEEDED);
    String id = publication.deliveryIds().get(0);
    Delivery delivery = sender.deliveries().find(id).orElseThrow();
    assertThat(delivery.state()).isEqualTo(DeliveryState.SUCCEEDED);
    assertThat(delivery.webhookId()).isEqualTo(webhook.id());
    DeliveryQuery query = DeliveryQuery.builder().webhook(webhook.id()).build();
    assertThat(sender.deliveries().search(query).deliveries()).containsExactly(delivery);
    assertThat(sender.deliveries().attempts(id)).singleElement().satisfies(attempt -> {
      assertThat(attempt.number()).isEqualTo(1);
      assertThat(attempt.result().status()).hasValue(200);
      assertThat(attempt.result().response()).isEqualTo("beginning");
    });
  }

  @Test
  void publish_anEventWithoutId_givesItOne() throws InterruptedException {
    webhook();
    answer(200);
    Event anonymous =
        Event.builder(EventName.CONTACT_UPDATED).timestamp(Instant.EPOCH).build();

    Publication publication = sender.publish(PRODUCTION, anonymous);

    assertThat(publication.eventId()).matches("evt_[0-9a-z]{26}");
    assertThat(taken().getHeaders().get("X-Klink-Event-Id")).isEqualTo(publication.eventId());
  }

  @Test
  void publish_anEventAgain_changesNothing() {
    webhook();
    answer(200);
    sender.publish(PRODUCTION, event);

    assertThat(sender.publish(PRODUCTION, event))
        .isEqualTo(new Publication("evt_1", false, List.of()));
  }

  @Test
  void publish_inTheOtherEnvironment_reachesNoWebhookOfThisOne() {
    webhook();

    assertThat(sender.publish(Environment.DEVELOPMENT, event).deliveryIds()).isEmpty();
    assertThat(sender.publish(PRODUCTION, event).deliveryIds()).hasSize(1);
  }

  @Test
  void publish_tooLarge_isRefusedAndNothingStored() {
    String filler = "x".repeat(WebhookSenderBuilder.DEFAULT_MAX_PAYLOAD);
    Event large =
        Event.parse(("{\"event\": \"contact.created\", \"timestamp\": \"2026-01-09T03:42:38Z\","
                + " \"data\": \"" + filler + "\"}")
            .getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> sender.publishAll(PRODUCTION, List.of(event, large)))
        .isInstanceOfSatisfying(
            PublishException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.EVENT_TOO_LARGE))
        .hasMessageContaining("262144");
    assertThat(sender.publish(PRODUCTION, event).isNew()).isTrue();
  }

  @Test
  void publish_aNameThatMayNotBePublished_isRefused() {
    Event odd = Event.parse("""
        {"event": "Contact Created", "timestamp": "2026-01-09T03:42:38Z", "data": {}}
        """.getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> sender.publish(PRODUCTION, odd))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void publishAll_ofTooMany_isRefused() {
    assertThatThrownBy(() ->
            sender.publishAll(PRODUCTION, Collections.nCopies(WebhookSender.MAX_EVENTS + 1, event)))
        .isInstanceOfSatisfying(
            PublishException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.TOO_MANY_EVENTS));
  }

  @Test
  void publish_inATransactionWithoutADatabase_isRefused() {
    Connection untouched = (Connection) Proxy.newProxyInstance(
        getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
          throw new AssertionError("the connection is not to be touched");
        });

    assertThatThrownBy(() -> sender.publish(untouched, PRODUCTION, event))
        .isInstanceOfSatisfying(
            PublishException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.STORAGE_NOT_TRANSACTIONAL));
  }

  @Test
  void publish_toAWebhookWithAPolicyOfItsOwn_followsIt() throws InterruptedException {
    Webhook webhook = webhook();
    WebhookSender other = builder()
        .policies(any -> any.id().equals(webhook.id())
            ? DeliveryPolicy.builder().retries(RetryPolicy.never()).build()
            : DeliveryPolicy.DEFAULT)
        .build();
    sender.stop(Duration.ZERO).join();
    answer(500);

    other.publish(PRODUCTION, event);
    other.start();

    assertThat(states.next()).isEqualTo(DeliveryState.FAILED);
    other.stop(Duration.ZERO).join();
  }

  @Test
  void policies_thatThrow_harmNothing() throws InterruptedException {
    webhook();
    sender.stop(Duration.ZERO).join();
    RetryPolicy noRetry = (failed, age) -> {
      throw new IllegalStateException("a retry policy that throws");
    };
    WebhookSender other = builder()
        .policy(DeliveryPolicy.builder()
            .retries(noRetry)
            .pausing(new ThrowingPause())
            .build())
        .build();
    other.start();
    answer(500);
    answer(200);

    other.publish(PRODUCTION, numbered(1));
    assertThat(states.next()).isEqualTo(DeliveryState.WAITING);
    other.publish(PRODUCTION, numbered(2));
    assertThat(states.next()).isEqualTo(DeliveryState.SUCCEEDED);
    other.stop(Duration.ZERO).join();
  }

  private record ThrowingPause() implements PausePolicy {
    @Override
    public Duration window() {
      return Duration.ofHours(1);
    }

    @Override
    public int sample() {
      return 1;
    }

    @Override
    public Optional<Pause> decide(List<Failure> failures, Instant now) {
      throw new IllegalStateException("a pause policy that throws");
    }
  }

  @Test
  void outcome_thatTheStorageRefuses_holdsUpNoOther() throws InterruptedException {
    webhook();
    sender.stop(Duration.ZERO).join();
    List<Event> events = List.of(numbered(1), numbered(2), numbered(3));
    List<String> ids = builder().build().publishAll(PRODUCTION, events).stream()
        .map(publication -> publication.deliveryIds().get(0))
        .toList();
    Storage refusing = InterceptedStorage.of(storage, call -> {
      if (call.is("record") && call.argument(0).toString().contains(ids.get(1))) {
        throw new StorageException(SenderReason.STORAGE_CORRUPT, "a damaged row", null);
      }
      return call.proceed();
    });
    WebhookSender other = builder(refusing).build();
    events.forEach(any -> answer(200));

    other.start();

    assertThat(states.next()).isEqualTo(DeliveryState.SUCCEEDED);
    assertThat(states.next()).isEqualTo(DeliveryState.SUCCEEDED);
    other.stop(Duration.ofSeconds(20)).join();
    assertThat(ids)
        .map(id -> storage.delivery(id).orElseThrow().state())
        .containsExactly(DeliveryState.SUCCEEDED, DeliveryState.WAITING, DeliveryState.SUCCEEDED);
  }

  @Test
  void stop_withAnAttemptInFlight_cutsItOffAndAnotherNodeSendsItAtOnce()
      throws InterruptedException {
    webhook();
    // Nothing is enqueued yet, so the server keeps the first request waiting.
    sender.publish(PRODUCTION, event);
    RecordedRequest first = taken();
    WebhookSender other = builder().build();

    sender.stop(Duration.ZERO).join();
    answer(500);
    answer(200);
    other.start();

    RecordedRequest second = taken();
    assertThat(second.getHeaders().get("X-Klink-Delivery-Id"))
        .isEqualTo(first.getHeaders().get("X-Klink-Delivery-Id"));
    assertThat(second.getHeaders().get("X-Klink-Attempt")).isEqualTo("1");
    other.stop(Duration.ZERO).join();
  }

  @Test
  void stop_withDeliveriesInItsQueue_givesTheirLeasesBack() throws InterruptedException {
    webhook();
    WebhookSender narrow = builder().maxConcurrentAttempts(1).build();
    sender.stop(Duration.ZERO).join();
    narrow.start();
    for (int i = 0; i < 5; i++) {
      // Quick answers, so that the sender dares to queue what comes.
      answer(200);
      narrow.publish(PRODUCTION, numbered(i));
      assertThat(states.next()).isEqualTo(DeliveryState.SUCCEEDED);
    }
    narrow.publishAll(PRODUCTION, List.of(numbered(5), numbered(6), numbered(7), numbered(8)));

    narrow.stop(Duration.ZERO).join();

    Instant now = Instant.now();
    assertThat(storage
            .claim(new ClaimRequest(now, now.plusSeconds(60), 10, 10, Map.of(), ""))
            .deliveries())
        .hasSize(4);
  }

  private static Event numbered(int number) {
    return Event.builder(EventName.CONTACT_CREATED)
        .timestamp(Instant.EPOCH)
        .id("evt_number_" + number)
        .build();
  }

  @Test
  void stoppedSender_publishingOrStarting_isRefused() {
    sender.close();

    assertThatThrownBy(() -> sender.publish(PRODUCTION, event))
        .isInstanceOfSatisfying(
            SenderStoppedException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.SENDER_STOPPED));
    assertThatThrownBy(sender::start).isInstanceOf(SenderStoppedException.class);
  }
}
