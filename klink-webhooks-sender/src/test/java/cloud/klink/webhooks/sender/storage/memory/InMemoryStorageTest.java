package cloud.klink.webhooks.sender.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryPage;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is particular to this storage: how much of what is finished it keeps. */
class InMemoryStorageTest {
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38Z");
  private static final EventBody BODY = EventBody.of(new byte[] {'{', '}'});

  private final AtomicLong numbers = new AtomicLong();

  private String newId() {
    return "d" + (1_000_000 + numbers.incrementAndGet());
  }

  @Test
  void finishedDeliveries_moreThanAreKept_dropOldestWithTheirBodies() {
    InMemoryStorage storage = new InMemoryStorage(2, 100);
    insert(storage, "w1", EventName.CONTACT_CREATED);
    publishAndSucceed(storage, "e1");
    publishAndSucceed(storage, "e2");
    publishAndSucceed(storage, "e3");

    assertThat(storage
            .search(DeliveryQuery.builder().webhook("w1").limit(10).build())
            .deliveries())
        .extracting(Delivery::eventId)
        .containsExactly("e3", "e2");
    assertThat(storage.delivery("d1000001")).isEmpty();
    assertThat(storage.attempts("d1000001")).isEmpty();
    assertThat(storage.body(Environment.PRODUCTION, "e1")).isEmpty();
    assertThat(storage.body(Environment.PRODUCTION, "e2")).contains(BODY);
  }

  @Test
  void waitingDeliveries_moreThanFinishedAreKept_allStay() {
    InMemoryStorage storage = new InMemoryStorage(0, 1);
    insert(storage, "w1", EventName.CONTACT_CREATED);
    for (int i = 0; i < 50; i++) {
      publish(storage, "e" + i, EventName.CONTACT_CREATED);
    }

    assertThat(storage
            .search(DeliveryQuery.builder().webhook("w1").limit(100).build())
            .deliveries())
        .hasSize(50);
    assertThat(storage.claim(request(100)).deliveries())
        .extracting(ClaimedDelivery::eventId)
        .startsWith("e0", "e1")
        .hasSize(50);
  }

  @Test
  void eventId_ofEventWhoseDeliveryWaits_isRememberedBeyondTheNumber() {
    InMemoryStorage storage = new InMemoryStorage(0, 1);
    insert(storage, "w1", EventName.CONTACT_CREATED);
    publish(storage, "e1", EventName.CONTACT_CREATED);
    publish(storage, "e2", EventName.CONTACT_CREATED);
    publish(storage, "e3", EventName.CONTACT_CREATED);

    assertThat(publish(storage, "e1", EventName.CONTACT_CREATED)).isFalse();
    assertThat(storage
            .search(DeliveryQuery.builder().webhook("w1").limit(10).build())
            .deliveries())
        .hasSize(3);
  }

  @Test
  void eventId_ofFinishedEvent_isRememberedAsLongAsItIsAmongTheNewest() {
    InMemoryStorage storage = new InMemoryStorage(0, 2);
    insert(storage, "w1", EventName.CONTACT_CREATED);
    publishAndSucceed(storage, "e1");
    publishAndSucceed(storage, "e2");

    assertThat(publish(storage, "e1", EventName.CONTACT_CREATED)).isFalse();

    publishAndSucceed(storage, "e3");

    assertThat(publish(storage, "e2", EventName.CONTACT_CREATED)).isFalse();
    assertThat(publish(storage, "e1", EventName.CONTACT_CREATED)).isTrue();
  }

  @Test
  void eventWithoutDeliveries_moreThanAreKept_losesItsBodyAndKeepsItsId() {
    InMemoryStorage storage = new InMemoryStorage(1, 100);
    publish(storage, "e1", EventName.ROOM_SOLVED);
    assertThat(storage.body(Environment.PRODUCTION, "e1")).contains(BODY);

    publish(storage, "e2", EventName.ROOM_SOLVED);

    assertThat(storage.body(Environment.PRODUCTION, "e1")).isEmpty();
    assertThat(publish(storage, "e1", EventName.ROOM_SOLVED)).isFalse();
  }

  @Test
  void claim_manyIdleWebhooks_takesTheirTurnsInOrderFromTheCursor() {
    InMemoryStorage storage = new InMemoryStorage();
    for (int i = 0; i < 9; i++) {
      insert(storage, "w" + i, EventName.CONTACT_CREATED);
    }
    publish(storage, "e1", EventName.CONTACT_CREATED);
    ClaimRequest request = new ClaimRequest(NOW, NOW.plusSeconds(30), 4, 1, Map.of("w7", 0), "w5");

    assertThat(storage.claim(request).deliveries())
        .extracting(ClaimedDelivery::webhookId)
        .containsExactly("w6", "w8", "w0", "w1");
  }

  @Test
  void search_ofWhatIsNotThere_stopsAtItsBoundAndGoesOn() {
    InMemoryStorage storage = new InMemoryStorage();
    insert(storage, "w1", EventName.CONTACT_CREATED);
    for (int i = 0; i <= DeliveryQuery.MAX_EXAMINED; i++) {
      publish(storage, "e" + i, EventName.CONTACT_CREATED);
    }
    DeliveryQuery query = DeliveryQuery.builder().state(DeliveryState.FAILED).build();

    DeliveryPage first = storage.search(query);
    DeliveryPage second =
        storage.search(query.toBuilder().after(first.next().orElseThrow()).build());

    assertThat(first.deliveries()).isEmpty();
    assertThat(second).isEqualTo(DeliveryPage.of(List.of(), Optional.empty()));
  }

  @Test
  void settings_outOfRange_areRefusedWithTheirNames() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new InMemoryStorage(-1, 1))
        .withMessageContaining("keptDeliveries");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new InMemoryStorage(0, 0))
        .withMessageContaining("rememberedEvents");
  }

  private void insert(InMemoryStorage storage, String id, EventName event) {
    Webhook webhook = Webhook.builder()
        .id(id)
        .environment(Environment.PRODUCTION)
        .name(id)
        .url("https://example.com/" + id)
        .subscriptions(List.of(event.value()))
        .createdAt(NOW)
        .build();
    storage.insert(new StoredWebhook(webhook, "secret", ""));
  }

  private boolean publish(InMemoryStorage storage, String eventId, EventName name) {
    NewEvent event = new NewEvent(Environment.PRODUCTION, eventId, name, BODY, NOW);
    return storage.publish(List.of(event), this::newId).get(0).isNew();
  }

  private void publishAndSucceed(InMemoryStorage storage, String eventId) {
    publish(storage, eventId, EventName.CONTACT_CREATED);
    ClaimedDelivery claimed = storage.claim(request(1)).deliveries().get(0);
    Attempt attempt = new Attempt(
        claimed.deliveryId(),
        1,
        NOW,
        Duration.ofMillis(5),
        DeliveryMethod.WEBHOOK,
        "https://example.com/hook",
        "",
        AttemptResult.answered(204, new byte[0]));
    Outcome outcome = Outcome.of(claimed, attempt, DeliveryState.SUCCEEDED, Optional.empty());
    assertThat(storage.record(List.of(outcome), Map.of(), NOW).stale()).isEmpty();
  }

  private static ClaimRequest request(int max) {
    return new ClaimRequest(NOW, NOW.plusSeconds(30), max, max, Map.of(), "");
  }
}
