package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.HOSTILE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.IDS;
import static cloud.klink.webhooks.sender.storage.contract.Samples.KHMER;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.body;
import static cloud.klink.webhooks.sender.storage.contract.Samples.change;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claim;
import static cloud.klink.webhooks.sender.storage.contract.Samples.event;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publish;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publishMany;
import static cloud.klink.webhooks.sender.storage.contract.Samples.webhook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Published;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An event is stored once, with a delivery for each webhook that is subscribed to it. */
public interface PublishContract extends StorageUnderTest {

  @Test
  default void publish_subscribed_storesEventAndDelivery() {
    insert(storage(), "w1");

    Published published = publish(storage(), event("e1"));

    assertThat(published.eventId()).isEqualTo("e1");
    assertThat(published.isNew()).isTrue();
    assertThat(published.handedOff()).isEmpty();
    assertThat(published.deliveryIds()).hasSize(1);
    String id = published.deliveryIds().get(0);
    assertThat(otherNode().delivery(id))
        .contains(Delivery.builder()
            .id(id)
            .webhookId("w1")
            .environment(Environment.PRODUCTION)
            .eventId("e1")
            .eventName(EventName.CONTACT_CREATED)
            .state(DeliveryState.WAITING)
            .attempts(0)
            .dueAt(T0)
            .createdAt(T0)
            .build());
    assertThat(otherNode().body(Environment.PRODUCTION, "e1"))
        .contains(event("e1").body());
  }

  @Test
  default void publish_groupAndSingle_givesOneDeliveryEach() {
    storage().insert(webhook("both", "contact.*", "contact.created"));
    storage().insert(webhook("group", "contact.*"));
    storage().insert(webhook("single", "contact.created"));
    storage().insert(webhook("other", "contact.updated", "room.*", "contacts.created"));

    Published published = publish(storage(), event("e1"));

    assertThat(published.deliveryIds()).hasSize(3).doesNotHaveDuplicates();
    assertThat(claim(storage(), T0).deliveries().stream().map(ClaimedDelivery::webhookId))
        .containsExactlyInAnyOrder("both", "group", "single");
  }

  @Test
  default void publish_eventThatJoinedTheGroupLater_reachesTheGroup() {
    storage().insert(webhook("group", "contact.*"));

    EventName merged = EventName.of("contact.merged.twice");
    Published published = publish(storage(), event(Environment.PRODUCTION, "e1", merged, T0));

    assertThat(published.deliveryIds()).hasSize(1);
    assertThat(claim(storage(), T0).deliveries().get(0).eventName()).isEqualTo(merged);
  }

  @Test
  default void publish_nobodySubscribed_storesTheEventAlone() {
    Published published = publish(storage(), event("e1"));

    assertThat(published).isEqualTo(new Published("e1", true, List.of(), List.of()));
    assertThat(storage().body(Environment.PRODUCTION, "e1")).isPresent();
    insert(storage(), "w1");
    assertThat(publish(storage(), event("e1")).isNew()).isFalse();
    assertThat(claim(storage(), T0).deliveries()).isEmpty();
  }

  @Test
  default void publish_environments_areIsolated() {
    storage().insert(webhook(Environment.PRODUCTION, "prod", "contact.*"));
    storage().insert(webhook(Environment.DEVELOPMENT, "dev", "contact.*"));
    NewEvent inDevelopment = event(Environment.DEVELOPMENT, "e1", EventName.CONTACT_CREATED, T0);

    Published production = publish(storage(), event("e1"));
    Published development = publish(storage(), inDevelopment);

    assertThat(production.isNew()).isTrue();
    assertThat(development.isNew()).isTrue();
    assertThat(storage()
            .search(DeliveryQuery.builder().webhook("prod").limit(10).build())
            .deliveries())
        .hasSize(1);
    assertThat(storage()
            .search(DeliveryQuery.builder().webhook("dev").limit(10).build())
            .deliveries())
        .extracting(Delivery::environment)
        .containsExactly(Environment.DEVELOPMENT);
  }

  @Test
  default void publish_again_changesNothing() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));
    NewEvent again = new NewEvent(
        Environment.PRODUCTION, "e1", EventName.ROOM_SOLVED, body("other"), T0.plusSeconds(9));
    storage().insert(webhook("w2", "contact.*", "room.*"));

    Published second = publish(otherNode(), again);

    assertThat(second).isEqualTo(new Published("e1", false, List.of(), List.of()));
    assertThat(storage().body(Environment.PRODUCTION, "e1"))
        .contains(event("e1").body());
    assertThat(claim(storage(), T0.plusSeconds(60)).deliveries()).hasSize(1);
  }

  @Test
  default void publish_twiceInOneCall_countsTheFirst() {
    insert(storage(), "w1");
    NewEvent other =
        new NewEvent(Environment.PRODUCTION, "e1", EventName.CONTACT_CREATED, body("other"), T0);
    publish(storage(), event("e0"));

    List<Published> published =
        storage().publish(List.of(event("e1"), other, event("e0"), event("e2")), IDS);

    assertThat(published).extracting(Published::eventId).containsExactly("e1", "e1", "e0", "e2");
    assertThat(published).extracting(Published::isNew).containsExactly(true, false, false, true);
    assertThat(published).extracting(p -> p.deliveryIds().size()).containsExactly(1, 0, 0, 1);
    assertThat(storage().body(Environment.PRODUCTION, "e1"))
        .contains(event("e1").body());
    assertThat(claim(storage(), T0).deliveries()).hasSize(3);
  }

  @Test
  default void publish_idsThatDifferALittle_areDifferentEvents() {
    insert(storage(), "w1");
    List<String> ids =
        List.of("e1", "E1", "e1 ", " e1", "e%", "e_", "é", "e\u0301", HOSTILE, KHMER);

    List<Published> published =
        storage().publish(ids.stream().map(Samples::event).toList(), IDS);

    assertThat(published).allMatch(Published::isNew);
    assertThat(published).extracting(Published::eventId).containsExactlyElementsOf(ids);
    assertThat(claim(storage(), T0).deliveries())
        .extracting(ClaimedDelivery::eventId)
        .containsExactlyInAnyOrderElementsOf(ids);
    for (String id : ids) {
      assertThat(storage().body(Environment.PRODUCTION, id)).contains(event(id).body());
    }
  }

  @Test
  default void publish_oneEventBy16Threads_isStoredOnce() {
    insert(storage(), "w1", "w2");

    List<Published> published =
        ConcurrentThreads.act(i -> publish(i % 2 == 0 ? storage() : otherNode(), event("e1")));

    assertThat(published).filteredOn(Published::isNew).hasSize(1);
    assertThat(published).filteredOn(p -> !p.deliveryIds().isEmpty()).hasSize(1);
    assertThat(claim(storage(), T0).deliveries()).hasSize(2);
  }

  @Test
  default void publish_sameBatchInOtherOrdersBy16Threads_storesEachOnce() {
    insert(storage(), "w1");

    List<List<Published>> published = ConcurrentThreads.act(i -> (i % 2 == 0
            ? storage()
            : otherNode())
        .publish(
            IntStream.range(0, 20).mapToObj(n -> event("e" + (n * 7 + i) % 20)).toList(), IDS));

    assertThat(published.stream().flatMap(List::stream).filter(Published::isNew))
        .extracting(Published::eventId)
        .hasSize(20)
        .doesNotHaveDuplicates();
    assertThat(claim(storage(), T0).deliveries()).hasSize(20);
  }

  @Test
  default void publish_idsThatFail_storeNothing() {
    insert(storage(), "w1");
    AtomicInteger given = new AtomicInteger();

    assertThatThrownBy(() -> storage()
            .publish(List.of(event("e1"), event("e2"), event("e3")), () -> {
              if (given.incrementAndGet() == 3) {
                throw new IllegalStateException("no more ids");
              }
              return Samples.nextId();
            }))
        .isInstanceOf(RuntimeException.class);

    assertThat(storage().body(Environment.PRODUCTION, "e1")).isEmpty();
    assertThat(claim(storage(), T0).deliveries()).isEmpty();
    assertThat(publish(storage(), event("e1")).isNew()).isTrue();
  }

  @Test
  default void publish_nothing_givesNothing() {
    assertThat(storage().publish(List.of(), IDS)).isEmpty();
  }

  @Test
  default void publish_pausedWebhook_getsADelivery() {
    insert(storage(), "w1");
    change(storage(), "w1", b -> b.pause(new Pause(PauseCause.REQUESTED, "", T0)));

    assertThat(publish(storage(), event("e1")).deliveryIds()).hasSize(1);
  }

  @Test
  default void publish_subscriptionsOfThisMoment_count() {
    insert(storage(), "w1", "w2");
    storage().delete("w1");
    change(storage(), "w2", b -> b.subscriptions(List.of("room.*")));

    assertThat(publish(storage(), event("e1")).deliveryIds()).isEmpty();
    assertThat(publish(storage(), event(Environment.PRODUCTION, "e2", EventName.ROOM_SOLVED, T0))
            .deliveryIds())
        .hasSize(1);
  }

  @Test
  default void publish_batch_givesIdsInTheOrderOfTheEvents() {
    insert(storage(), "w1", "w2", "w3");

    List<Published> published = publishMany(storage(), "e", 500);

    assertThat(published.stream().flatMap(p -> p.deliveryIds().stream()))
        .hasSize(1_500)
        .isSorted()
        .doesNotHaveDuplicates();
    Published last = published.get(499);
    assertThat(last.deliveryIds())
        .allSatisfy(
            id -> assertThat(storage().delivery(id).orElseThrow().eventId()).isEqualTo("e499"));
  }

  @Test
  default void publish_anyBody_isKeptByteByByte() {
    byte[] bytes = new byte[300_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + i / 256);
    }
    EventBody large = EventBody.of(bytes);
    insert(storage(), "w1");

    publish(
        storage(),
        new NewEvent(Environment.PRODUCTION, "e1", EventName.CONTACT_CREATED, large, T0));
    publish(
        storage(),
        new NewEvent(Environment.PRODUCTION, "e2", EventName.CONTACT_CREATED, body(""), T0));

    assertThat(claim(storage(), T0).deliveries())
        .extracting(ClaimedDelivery::body)
        .containsExactlyInAnyOrder(large, body(""));
    assertThat(storage().body(Environment.PRODUCTION, "e1")).contains(large);
  }
}
