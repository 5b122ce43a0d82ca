package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.LEASE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.TICK;
import static cloud.klink.webhooks.sender.storage.contract.Samples.change;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claim;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claimOne;
import static cloud.klink.webhooks.sender.storage.contract.Samples.event;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publish;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publishMany;
import static cloud.klink.webhooks.sender.storage.contract.Samples.retry;
import static cloud.klink.webhooks.sender.storage.contract.Samples.success;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What waits for a webhook can be ended by people, except for what is being sent. */
public interface EndContract extends StorageUnderTest {

  @Test
  default void end_waiting_becomesFinalAndStaysInTheLog() {
    insert(storage(), "w1");
    String id = publish(storage(), event("e1")).deliveryIds().get(0);
    storage().delete("w1");

    assertThat(storage().end("w1", DeliveryState.CANCELLED, T0.plusSeconds(9), 10))
        .isEqualTo(1);

    Delivery ended = otherNode().delivery(id).orElseThrow();
    assertThat(ended.state()).isEqualTo(DeliveryState.CANCELLED);
    assertThat(ended.dueAt()).isEmpty();
    assertThat(ended.finishedAt()).contains(T0.plusSeconds(9));
    assertThat(otherNode()
            .search(DeliveryQuery.builder().webhook("w1").limit(10).build())
            .deliveries())
        .containsExactly(ended);
    assertThat(claim(storage(), T0.plusSeconds(9)).orphans()).isEmpty();
  }

  @Test
  default void end_discarded_isTold() {
    insert(storage(), "w1");
    String id = publish(storage(), event("e1")).deliveryIds().get(0);
    change(storage(), "w1", b -> b.pause(new Pause(PauseCause.REQUESTED, "", T0)));

    assertThat(storage().end("w1", DeliveryState.DISCARDED, T0, 10)).isEqualTo(1);

    assertThat(storage().delivery(id).orElseThrow().state()).isEqualTo(DeliveryState.DISCARDED);
    assertThat(claim(storage(), T0.plusSeconds(99)).deliveries()).isEmpty();
  }

  @Test
  default void end_discardingOfAnActiveOrDeletedWebhook_endsNothing() {
    insert(storage(), "w1", "w2");
    publish(storage(), event("e1"));
    storage().delete("w2");

    assertThat(storage().end("w1", DeliveryState.DISCARDED, T0, 10)).isZero();
    assertThat(storage().end("w2", DeliveryState.DISCARDED, T0, 10)).isZero();
    assertThat(claimOne(storage(), T0).webhookId()).isEqualTo("w1");
  }

  @Test
  default void end_otherWebhooks_areLeftAlone() {
    insert(storage(), "w1", "w2");
    publish(storage(), event("e1"));

    storage().end("w1", DeliveryState.CANCELLED, T0, 10);

    assertThat(claimOne(storage(), T0).webhookId()).isEqualTo("w2");
  }

  @Test
  default void end_leased_isRespectedUntilTheLeaseEnds() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));
    ClaimedDelivery claimed = claimOne(storage(), T0);
    Instant end = T0.plus(LEASE);

    assertThat(otherNode().end("w1", DeliveryState.CANCELLED, end.minus(TICK), 10))
        .isZero();
    assertThat(otherNode().end("w1", DeliveryState.CANCELLED, end, 10)).isEqualTo(1);

    assertThat(storage().record(List.of(success(claimed, T0)), Map.of(), end).stale())
        .containsExactly(claimed.lease());
    assertThat(storage().delivery(claimed.deliveryId()).orElseThrow().state())
        .isEqualTo(DeliveryState.CANCELLED);
  }

  @Test
  default void end_waitingForARetry_isEnded() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));
    ClaimedDelivery claimed = claimOne(storage(), T0);
    storage().record(List.of(retry(claimed, T0, T0.plusSeconds(3_600))), Map.of(), T0);

    assertThat(storage().end("w1", DeliveryState.CANCELLED, T0, 10)).isEqualTo(1);
  }

  @Test
  default void end_releasedUntilLater_isEnded() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));
    storage().release(Map.of(claimOne(storage(), T0).lease(), T0.plusSeconds(3_600)));

    assertThat(storage().end("w1", DeliveryState.CANCELLED, T0, 10)).isEqualTo(1);
  }

  @Test
  default void end_moreThanTheLimit_needsSeveralCalls() {
    insert(storage(), "w1");
    publishMany(storage(), "e", 25);
    Instant now = T0.plusSeconds(1);

    assertThat(storage().end("w1", DeliveryState.CANCELLED, now, 10)).isEqualTo(10);
    assertThat(storage().end("w1", DeliveryState.CANCELLED, now, 10)).isEqualTo(10);
    assertThat(storage().end("w1", DeliveryState.CANCELLED, now, 10)).isEqualTo(5);
    assertThat(storage().end("w1", DeliveryState.CANCELLED, now, 10)).isZero();
    assertThat(storage()
            .search(DeliveryQuery.builder().webhook("w1").limit(100).build())
            .deliveries())
        .hasSize(25)
        .extracting(Delivery::state)
        .containsOnly(DeliveryState.CANCELLED);
  }

  @Test
  default void end_manyLeasedBeforeOthers_reachesTheOthers() {
    insert(storage(), "w1");
    publishMany(storage(), "e", 40);
    Instant now = T0.plusSeconds(1);
    storage().claim(Samples.request(now, 30, 30));

    assertThat(storage().end("w1", DeliveryState.CANCELLED, now, 20)).isEqualTo(10);
  }

  @Test
  default void end_by16Threads_endsEachOnce() {
    insert(storage(), "w1");
    publishMany(storage(), "e", 300);
    Instant now = T0.plusSeconds(1);

    List<Integer> ended = ConcurrentThreads.act(
        i -> (i % 2 == 0 ? storage() : otherNode()).end("w1", DeliveryState.CANCELLED, now, 50));
    int rest = storage().end("w1", DeliveryState.CANCELLED, now, 1_000);

    assertThat(ended.stream().mapToInt(Integer::intValue).sum() + rest).isEqualTo(300);
  }
}
