package cloud.klink.webhooks.sender.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Count;
import cloud.klink.webhooks.sender.delivery.CountQuery;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryLog;
import cloud.klink.webhooks.sender.delivery.DeliveryPage;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.storage.InterceptedStorage;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeliveryLogTest {
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38Z");
  private static final DeliveryQuery BY_THREE = DeliveryQuery.builder().limit(3).build();

  private final Storage storage = new InMemoryStorage();
  private final AtomicInteger searches = new AtomicInteger();
  private final DeliveryLog log = new StoredDeliveryLog(counting(storage));

  @BeforeEach
  void publish() {
    Webhook webhook = Webhook.builder()
        .id("w1")
        .environment(Environment.PRODUCTION)
        .name("w1")
        .url("https://example.com/")
        .subscriptions(List.of(EventName.CONTACT_CREATED.value()))
        .createdAt(NOW)
        .build();
    storage.insert(new StoredWebhook(webhook, "secret", ""));
    publish(10, 0);
  }

  private void publish(int count, int seconds) {
    List<NewEvent> events = IntStream.range(0, count)
        .mapToObj(i -> new NewEvent(
            Environment.PRODUCTION,
            "e" + seconds + "-" + i,
            EventName.CONTACT_CREATED,
            EventBody.of(new byte[] {'{', '}'}),
            NOW.plusSeconds(seconds).plusMillis(i)))
        .toList();
    AtomicInteger ids = new AtomicInteger(1_000_000 * (seconds + 1));
    storage.publish(events, () -> "d" + ids.incrementAndGet());
  }

  /** The storage, and how often it is searched. */
  private Storage counting(Storage counted) {
    return InterceptedStorage.of(counted, call -> {
      if (call.is("search")) {
        searches.incrementAndGet();
      }
      return call.proceed();
    });
  }

  @Test
  void stream_allPages_areOneAfterTheOther() {
    assertThat(log.stream(BY_THREE))
        .extracting(Delivery::eventId)
        .containsExactly(
            "e0-9", "e0-8", "e0-7", "e0-6", "e0-5", "e0-4", "e0-3", "e0-2", "e0-1", "e0-0");
    assertThat(searches).hasValue(4);
  }

  @Test
  void stream_limited_asksForNoMoreThanIsNeeded() {
    Stream<Delivery> stream = log.stream(BY_THREE);
    assertThat(searches).hasValue(0);

    assertThat(stream.limit(4)).hasSize(4);

    assertThat(searches).hasValue(2);
  }

  @Test
  void stream_publishedMeanwhile_goesOnWhereItWas() {
    Iterator<Delivery> deliveries = log.stream(BY_THREE).iterator();
    assertThat(deliveries.next().eventId()).isEqualTo("e0-9");

    publish(5, 60);

    assertThat(deliveries)
        .toIterable()
        .extracting(Delivery::eventId)
        .containsExactly("e0-8", "e0-7", "e0-6", "e0-5", "e0-4", "e0-3", "e0-2", "e0-1", "e0-0");
  }

  @Test
  void stream_pageWithoutAny_isPassedOver() {
    publish(DeliveryQuery.MAX_EXAMINED + 5, 60);
    DeliveryQuery oldest = DeliveryQuery.builder().event("e0-0").build();
    DeliveryQuery failed = DeliveryQuery.builder().state(DeliveryState.FAILED).build();

    assertThat(log.stream(oldest)).hasSize(1);
    assertThat(searches).hasValue(1);
    assertThat(log.stream(failed)).isEmpty();
    assertThat(searches).hasValue(3);
  }

  @Test
  void stream_nothing_isEmpty() {
    assertThat(log.stream(DeliveryQuery.builder().webhook("absent").build())).isEmpty();
  }

  @Test
  void search_count_areTheStorages() {
    CountQuery query = new CountQuery(
        Environment.PRODUCTION,
        Optional.of("w1"),
        NOW,
        NOW.plusSeconds(10),
        Duration.ofSeconds(10));

    assertThat(log.search(BY_THREE)).isEqualTo(storage.search(BY_THREE));
    assertThat(log.count(BY_THREE)).isEqualTo(DeliveryPage.counted(10, Optional.empty()));
    assertThat(log.count(query))
        .containsExactly(new Count(NOW, DeliveryState.WAITING, Optional.empty(), 10));
  }
}
