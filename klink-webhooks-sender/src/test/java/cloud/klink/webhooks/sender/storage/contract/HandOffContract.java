package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.IDS;
import static cloud.klink.webhooks.sender.storage.contract.Samples.LEASE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.TICK;
import static cloud.klink.webhooks.sender.storage.contract.Samples.change;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claim;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claimOne;
import static cloud.klink.webhooks.sender.storage.contract.Samples.event;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publish;
import static cloud.klink.webhooks.sender.storage.contract.Samples.success;
import static cloud.klink.webhooks.sender.storage.contract.Samples.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Published;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a publishing node takes over is leased to it from the first moment. */
public interface HandOffContract extends StorageUnderTest {

  @Test
  default void handOff_taken_isLeasedWithAllThatAnAttemptNeeds() {
    insert(storage(), "w1");
    change(storage(), "w1", b -> b.name("second version"));

    Published published = handOff("e1", List.of("w1"));

    ClaimedDelivery taken = published.handedOff().get(0);
    assertThat(published.deliveryIds()).containsExactly(taken.deliveryId());
    assertThat(taken)
        .isEqualTo(new ClaimedDelivery(
            taken.lease(),
            T0.plus(LEASE),
            "w1",
            2,
            Environment.PRODUCTION,
            "e1",
            EventName.CONTACT_CREATED,
            event("e1").body(),
            0,
            T0,
            T0,
            Optional.empty()));
    assertThat(storage().delivery(taken.deliveryId()).orElseThrow().dueAt())
        .contains(T0.plus(LEASE));
  }

  @Test
  default void handOff_taken_isNotClaimedBeforeTheLeaseEnds() {
    insert(storage(), "w1");
    ClaimedDelivery taken = handOff("e1", List.of("w1")).handedOff().get(0);

    assertThat(claim(otherNode(), T0.plus(LEASE).minus(TICK)).deliveries()).isEmpty();
    assertThat(claim(otherNode(), T0).nextDue()).contains(T0.plus(LEASE));

    ClaimedDelivery later = claimOne(otherNode(), T0.plus(LEASE));
    assertThat(later.deliveryId()).isEqualTo(taken.deliveryId());
    assertThat(later.lease().token()).isGreaterThan(taken.lease().token());
  }

  @Test
  default void handOff_ofADelivery_isAskedForAfterItsIdWasGiven() {
    insert(storage(), "w1", "w2", "w3");
    List<String> asked = new ArrayList<>();
    String[] last = new String[1];

    Published published = storage()
        .publish(
            List.of(event("e1")),
            () -> last[0] = IDS.get(),
            T0.plus(LEASE),
            id -> asked.add(id + last[0]))
        .get(0);

    assertThat(published.handedOff())
        .extracting(one -> one.webhookId() + one.deliveryId())
        .containsExactlyElementsOf(asked);
  }

  @Test
  default void handOff_forgotten_isDueAtOnceWhenItsLeaseIsGivenBack() {
    insert(storage(), "w1");
    String id = handOff("e1", List.of("w1")).deliveryIds().get(0);

    assertThat(handOff("e1", List.of("w1")).isNew()).isFalse();
    storage().release(Map.of(new Lease(id, 1), T0));

    assertThat(claimOne(otherNode(), T0).deliveryId()).isEqualTo(id);
    storage().release(Map.of(new Lease(id, 1), T0, new Lease("none", 1), T0));
    assertThat(claim(otherNode(), T0).deliveries()).isEmpty();
  }

  @Test
  default void handOff_taken_canBeRecorded() {
    insert(storage(), "w1");
    ClaimedDelivery taken = handOff("e1", List.of("w1")).handedOff().get(0);

    assertThat(storage().record(List.of(success(taken, T0)), Map.of(), T0).stale())
        .isEmpty();

    assertThat(storage().delivery(taken.deliveryId()).orElseThrow().state())
        .isEqualTo(DeliveryState.SUCCEEDED);
  }

  @Test
  default void handOff_some_leavesTheOthersToBeClaimed() {
    insert(storage(), "w1", "w2", "w3");

    Published published = handOff("e1", List.of("w2"));

    assertThat(published.handedOff()).extracting(ClaimedDelivery::webhookId).containsExactly("w2");
    assertThat(published.deliveryIds()).hasSize(3);
    assertThat(claim(storage(), T0).deliveries())
        .extracting(ClaimedDelivery::webhookId)
        .containsExactlyInAnyOrder("w1", "w3");
  }

  @Test
  default void handOff_paused_isNotAskedFor() {
    insert(storage(), "w1", "w2");
    change(storage(), "w1", b -> b.pause(new Pause(PauseCause.FAILURES, "", T0)));
    List<String> asked = new ArrayList<>();

    Published published = storage()
        .publish(List.of(event("e1")), IDS, T0.plus(LEASE), id -> {
          asked.add(id);
          return true;
        })
        .get(0);

    assertThat(asked).containsExactly("w2");
    assertThat(published.handedOff()).extracting(ClaimedDelivery::webhookId).containsExactly("w2");
    assertThat(published.deliveryIds()).hasSize(2);
  }

  @Test
  default void handOff_batch_asksOnceForEachDelivery() {
    insert(storage(), "w1");
    storage().insert(webhook("w2", "contact.*", "contact.created"));
    publish(storage(), event("e0"));
    List<String> asked = new ArrayList<>();

    List<Published> published = storage()
        .publish(
            List.of(event("e0"), event("e1"), event("e1"), event("e2")),
            IDS,
            T0.plus(LEASE),
            id -> {
              asked.add(id);
              return asked.size() != 2;
            });

    assertThat(asked).containsExactlyInAnyOrder("w1", "w2", "w1", "w2");
    assertThat(published).extracting(p -> p.handedOff().size()).containsExactly(0, 1, 0, 2);
    assertThat(published.get(3).handedOff())
        .extracting(ClaimedDelivery::eventId)
        .containsOnly("e2");
  }

  @Test
  default void committed_ofWhatIsHandedOff_isReturnedWhileItsLeaseIsHeld() {
    insert(storage(), "w1", "w2", "w3");
    ClaimedDelivery kept = handOff("e1", List.of("w1")).handedOff().get(0);
    ClaimedDelivery released = handOff("e2", List.of("w1")).handedOff().get(0);
    ClaimedDelivery recorded = handOff("e3", List.of("w2")).handedOff().get(0);
    ClaimedDelivery claimed = handOff("e4", List.of("w3")).handedOff().get(0);
    List<ClaimedDelivery> all = List.of(kept, released, recorded, claimed);
    assertThat(otherNode().committed(all)).containsExactlyInAnyOrderElementsOf(all);

    storage().release(Map.of(released.lease(), T0));
    storage().record(List.of(success(recorded, T0)), Map.of(), T0);
    assertThat(otherNode().committed(all)).containsExactlyInAnyOrder(kept, claimed);

    assertThat(claim(otherNode(), T0.plus(LEASE)).deliveries()).isNotEmpty();
    assertThat(storage().committed(all)).isEmpty();
  }

  @Test
  default void committed_ofWhatIsNotStored_isLeftOut() {
    insert(storage(), "w1");
    ClaimedDelivery taken = handOff("e1", List.of("w1")).handedOff().get(0);
    ClaimedDelivery other = new ClaimedDelivery(
        new Lease("none", 1),
        taken.leaseUntil(),
        "w1",
        1,
        taken.environment(),
        "e2",
        taken.eventName(),
        taken.body(),
        0,
        T0,
        T0,
        Optional.empty());

    assertThat(storage().committed(List.of(other, taken))).containsExactly(taken);
    assertThat(storage().committed(List.of(other))).isEmpty();
    assertThat(storage().committed(List.of())).isEmpty();
  }

  @Test
  default void committed_ofAChangedWebhook_tellsItsVersion() {
    insert(storage(), "w1", "w2", "w3");
    ClaimedDelivery edited = handOff("e1", List.of("w1")).handedOff().get(0);
    ClaimedDelivery paused = handOff("e2", List.of("w2")).handedOff().get(0);
    ClaimedDelivery orphan = handOff("e3", List.of("w3")).handedOff().get(0);
    change(storage(), "w1", b -> b.name("second version"));
    change(storage(), "w2", b -> b.pause(new Pause(PauseCause.REQUESTED, "", T0)));
    storage().delete("w3");

    assertThat(otherNode().committed(List.of(edited, paused, orphan)))
        .containsExactlyInAnyOrder(
            edited.withWebhookVersion(2),
            paused.withWebhookVersion(2),
            orphan.withWebhookVersion(0));
  }

  private Published handOff(String eventId, List<String> webhookIds) {
    return storage()
        .publish(List.of(event(eventId)), IDS, T0.plus(LEASE), webhookIds::contains)
        .get(0);
  }
}
