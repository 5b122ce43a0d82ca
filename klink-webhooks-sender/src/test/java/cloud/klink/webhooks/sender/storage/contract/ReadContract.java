package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.HOSTILE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claimOne;
import static cloud.klink.webhooks.sender.storage.contract.Samples.event;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publish;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publishMany;
import static cloud.klink.webhooks.sender.storage.contract.Samples.success;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.storage.Published;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was done can be looked at, whatever became of the webhook. */
public interface ReadContract extends StorageUnderTest {

  @Test
  default void look_unknown_givesNothing() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));

    assertThat(storage().delivery("absent")).isEmpty();
    assertThat(storage().delivery(HOSTILE)).isEmpty();
    assertThat(storage().attempts("absent")).isEmpty();
    assertThat(storage()
            .search(DeliveryQuery.builder().webhook("absent").limit(10).build())
            .deliveries())
        .isEmpty();
    assertThat(storage().body(Environment.PRODUCTION, "absent")).isEmpty();
    assertThat(storage().body(Environment.DEVELOPMENT, "e1")).isEmpty();
  }

  @Test
  default void deliveries_pages_areNewestFirst() {
    insert(storage(), "w1", "w2");
    List<String> ids = publishMany(storage(), "e", 7).stream()
        .map(Published::deliveryIds)
        .map(both -> both.stream()
            .filter(id -> storage().delivery(id).orElseThrow().webhookId().equals("w1"))
            .findFirst()
            .orElseThrow())
        .sorted(Comparator.reverseOrder())
        .toList();

    List<Delivery> first = otherNode()
        .search(DeliveryQuery.builder().webhook("w1").limit(3).build())
        .deliveries();
    List<Delivery> second = page(first);
    List<Delivery> third = page(second);

    assertThat(first).extracting(Delivery::id).containsExactlyElementsOf(ids.subList(0, 3));
    assertThat(second).extracting(Delivery::id).containsExactlyElementsOf(ids.subList(3, 6));
    assertThat(third).extracting(Delivery::id).containsExactlyElementsOf(ids.subList(6, 7));
    assertThat(first).extracting(Delivery::eventId).containsExactly("e6", "e5", "e4");
    assertThat(page(third)).isEmpty();
  }

  private List<Delivery> page(List<Delivery> before) {
    Delivery last = before.get(before.size() - 1);
    String end = DeliveryQuery.cursor(last.createdAt(), last.id());
    return otherNode()
        .search(DeliveryQuery.builder().webhook("w1").after(end).limit(3).build())
        .deliveries();
  }

  @Test
  default void look_deletedWebhook_showsItsDeliveries() {
    insert(storage(), "w1");
    String id = publish(storage(), event("e1")).deliveryIds().get(0);
    storage().record(List.of(success(claimOne(storage(), T0), T0)), Map.of(), T0);

    storage().delete("w1");

    assertThat(storage()
            .search(DeliveryQuery.builder().webhook("w1").limit(10).build())
            .deliveries())
        .extracting(Delivery::id)
        .containsExactly(id);
    assertThat(storage().attempts(id)).hasSize(1);
    assertThat(storage().body(Environment.PRODUCTION, "e1")).isPresent();
  }

  @Test
  default void times_farAway_areKeptToTheMicrosecond() {
    insert(storage(), "w1");
    for (String text : List.of(
        "1969-12-31T23:59:59.999999Z",
        "1970-01-01T00:00:00.000001Z",
        "2999-12-31T23:59:59.123457Z")) {
      Instant at = Instant.parse(text);
      String id = publish(storage(), event("e" + text, at)).deliveryIds().get(0);
      assertThat(storage().delivery(id).orElseThrow().createdAt()).isEqualTo(at);
      assertThat(storage().delivery(id).orElseThrow().dueAt()).contains(at);
    }
  }

  @Test
  default void times_finerThanMicroseconds_areCutNotRefused() {
    insert(storage(), "w1");

    String id = publish(storage(), event("e1", T0.plusNanos(999))).deliveryIds().get(0);

    assertThat(storage().delivery(id).orElseThrow().createdAt()).isBetween(T0, T0.plusNanos(999));
  }
}
