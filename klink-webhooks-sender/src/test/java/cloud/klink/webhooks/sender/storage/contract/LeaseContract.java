package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.LEASE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.TICK;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claim;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claimOne;
import static cloud.klink.webhooks.sender.storage.contract.Samples.event;
import static cloud.klink.webhooks.sender.storage.contract.Samples.failure;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publish;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publishMany;
import static cloud.klink.webhooks.sender.storage.contract.Samples.success;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Recorded;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A lease is worth something until somebody else has claimed the delivery, or it was given back.
 */
public interface LeaseContract extends StorageUnderTest {

  @Test
  default void record_leaseThatHasEndedButNobodyTook_counts() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));
    ClaimedDelivery claimed = claimOne(storage(), T0);

    Instant late = T0.plus(LEASE).plusSeconds(60);
    Recorded recorded = storage().record(List.of(success(claimed, late)), Map.of(), late);

    assertThat(recorded.stale()).isEmpty();
    assertThat(storage().delivery(claimed.deliveryId()).orElseThrow().state())
        .isEqualTo(DeliveryState.SUCCEEDED);
  }

  @Test
  default void record_leaseThatAnotherTookOver_changesNothing() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));
    ClaimedDelivery slept = claimOne(storage(), T0);
    ClaimedDelivery taken = claimOne(otherNode(), T0.plus(LEASE));

    Recorded late = storage().record(List.of(failure(slept, T0)), Map.of(), T0.plus(LEASE));

    assertThat(late.stale()).containsExactly(slept.lease());
    assertThat(storage().attempts(slept.deliveryId())).isEmpty();
    assertThat(storage().delivery(slept.deliveryId()).orElseThrow().attempts()).isZero();
    Recorded right =
        otherNode().record(List.of(success(taken, T0.plus(LEASE))), Map.of(), T0.plus(LEASE));
    assertThat(right.stale()).isEmpty();
    assertThat(storage().delivery(slept.deliveryId()).orElseThrow().state())
        .isEqualTo(DeliveryState.SUCCEEDED);
  }

  @Test
  default void release_leased_isDueAgainAtTheGivenTimes() {
    insert(storage(), "w1");
    publishMany(storage(), "e", 3);
    List<ClaimedDelivery> claimed = claim(storage(), T0.plusSeconds(1)).deliveries();
    Instant at = T0.plusSeconds(2);

    storage().release(Map.of(claimed.get(0).lease(), at, claimed.get(1).lease(), at.plus(TICK)));

    assertThat(otherNode().delivery(claimed.get(0).deliveryId()).orElseThrow().dueAt())
        .contains(at);
    assertThat(claim(otherNode(), at.minus(TICK)).deliveries()).isEmpty();
    ClaimedDelivery again = claimOne(otherNode(), at);
    assertThat(again.deliveryId()).isEqualTo(claimed.get(0).deliveryId());
    assertThat(again.lease().token()).isGreaterThan(claimed.get(0).lease().token());
    assertThat(again.attempts()).isZero();
    assertThat(claimOne(otherNode(), at.plus(TICK)).deliveryId())
        .isEqualTo(claimed.get(1).deliveryId());
  }

  @Test
  default void release_leaseThatAnotherTookOver_changesNothing() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));
    ClaimedDelivery slept = claimOne(storage(), T0);
    claimOne(otherNode(), T0.plus(LEASE));

    storage().release(Map.of(slept.lease(), T0));

    assertThat(claim(storage(), T0.plus(LEASE).plusSeconds(1)).deliveries()).isEmpty();
  }

  @Test
  default void release_finished_changesNothing() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));
    ClaimedDelivery claimed = claimOne(storage(), T0);
    storage().record(List.of(success(claimed, T0)), Map.of(), T0);

    storage().release(Map.of(claimed.lease(), T0, new Lease("absent", 1), T0));
    storage().release(Map.of());

    assertThat(claim(storage(), T0.plusSeconds(3_600)).deliveries()).isEmpty();
    assertThat(storage().delivery(claimed.deliveryId()).orElseThrow().state())
        .isEqualTo(DeliveryState.SUCCEEDED);
  }

  @Test
  default void release_hundreds_isDoneToAll() {
    insert(storage(), "w1", "w2");
    publishMany(storage(), "e", 500);
    Instant now = T0.plusSeconds(1);
    List<ClaimedDelivery> claimed = claim(storage(), now).deliveries();

    storage()
        .release(
            claimed.stream().collect(Collectors.toMap(ClaimedDelivery::lease, c -> c.dueAt())));

    assertThat(claim(otherNode(), now).deliveries())
        .hasSize(1_000)
        .extracting(ClaimedDelivery::deliveryId)
        .containsExactlyInAnyOrderElementsOf(
            claimed.stream().map(ClaimedDelivery::deliveryId).toList());
  }
}
