package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.HOSTILE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.IDS;
import static cloud.klink.webhooks.sender.storage.contract.Samples.LEASE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.TICK;
import static cloud.klink.webhooks.sender.storage.contract.Samples.change;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claim;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claimOne;
import static cloud.klink.webhooks.sender.storage.contract.Samples.event;
import static cloud.klink.webhooks.sender.storage.contract.Samples.failMany;
import static cloud.klink.webhooks.sender.storage.contract.Samples.failure;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.nextId;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publish;
import static cloud.klink.webhooks.sender.storage.contract.Samples.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What was sent can be sent again, and what failed is sent again once. */
public interface RedeliverContract extends StorageUnderTest {

  private Delivery get(String id) {
    return otherNode().delivery(id).orElseThrow();
  }

  @Test
  default void redeliver_finished_isAnotherDeliveryOfTheSameEvent() {
    insert(storage(), "w1");
    String old = publish(storage(), "e1").deliveryIds().get(0);
    storage().record(List.of(success(claimOne(storage(), T0), T0)), Map.of(), T0);
    Delivery before = get(old);
    Instant now = T0.plusSeconds(99);

    assertThat(storage().redeliver(old, "zz1", now)).isTrue();

    assertThat(get("zz1"))
        .isEqualTo(Delivery.builder()
            .id("zz1")
            .webhookId("w1")
            .environment(Environment.PRODUCTION)
            .eventId("e1")
            .eventName(EventName.CONTACT_CREATED)
            .state(DeliveryState.WAITING)
            .attempts(0)
            .dueAt(now)
            .createdAt(now)
            .redeliveryOf(old)
            .build());
    assertThat(get(old)).isEqualTo(repeated(before, "zz1"));
    assertThat(storage().attempts(old)).hasSize(1);
    assertThat(storage().attempts("zz1")).isEmpty();
  }

  /** The same but for one thing. */
  private static Delivery repeated(Delivery before, String as) {
    return before.toBuilder().redeliveredAs(as).build();
  }

  @Test
  default void redeliver_newDelivery_isDeliveredLikeAnyOther() {
    insert(storage(), "w1");
    String old = publish(storage(), "e1").deliveryIds().get(0);
    storage().record(List.of(failure(claimOne(storage(), T0), T0)), Map.of(), T0);
    Instant now = T0.plusSeconds(5);
    storage().redeliver(old, "zz1", now);

    assertThat(claim(storage(), now.minus(TICK)).deliveries()).isEmpty();
    ClaimedDelivery claimed = claimOne(otherNode(), now);
    assertThat(claimed.deliveryId()).isEqualTo("zz1");
    assertThat(claimed.attempts()).isZero();
    assertThat(claimed.lease().token()).isEqualTo(1);
    assertThat(claimed.body()).isEqualTo(event("e1").body());
    storage().record(List.of(success(claimed, now)), Map.of(), now);

    assertThat(get("zz1").state()).isEqualTo(DeliveryState.SUCCEEDED);
    assertThat(get(old).state()).isEqualTo(DeliveryState.FAILED);
  }

  @Test
  default void redeliver_twice_remembersTheNewest() {
    insert(storage(), "w1");
    String old = publish(storage(), "e1").deliveryIds().get(0);

    assertThat(storage().redeliver(old, "zz1", T0)).isTrue();
    assertThat(storage().redeliver(old, "zz2", T0)).isTrue();
    assertThat(storage().redeliver("zz1", "zz3", T0)).isTrue();

    assertThat(get(old).redeliveredAs()).contains("zz2");
    assertThat(get("zz1").redeliveredAs()).contains("zz3");
    assertThat(get("zz1").redeliveryOf()).contains(old);
    assertThat(get("zz3").redeliveryOf()).contains("zz1");
    assertThat(claim(storage(), T0).deliveries()).hasSize(4);
  }

  @Test
  default void redeliver_leased_leavesTheLeaseInForce() {
    insert(storage(), "w1");
    publish(storage(), "e1");
    ClaimedDelivery claimed = claimOne(storage(), T0);

    assertThat(otherNode().redeliver(claimed.deliveryId(), "zz1", T0)).isTrue();

    assertThat(claimOne(storage(), T0).deliveryId()).isEqualTo("zz1");
    assertThat(storage().record(List.of(success(claimed, T0)), Map.of(), T0).stale())
        .isEmpty();
  }

  @Test
  default void redeliver_ofAPausedWebhook_isHeld() {
    insert(storage(), "w1");
    String old = publish(storage(), "e1").deliveryIds().get(0);
    storage().record(List.of(failure(claimOne(storage(), T0), T0)), Map.of(), T0);
    change(storage(), "w1", b -> b.pause(new Pause(PauseCause.REQUESTED, "", T0)));

    assertThat(storage().redeliver(old, "zz1", T0)).isTrue();
    assertThat(claim(storage(), T0).deliveries()).isEmpty();
    change(storage(), "w1", b -> b.pause(null));
    assertThat(claimOne(storage(), T0).deliveryId()).isEqualTo("zz1");
  }

  @Test
  default void redeliver_unknownOrOfADeletedWebhook_changesNothing() {
    insert(storage(), "w1");
    String old = publish(storage(), "e1").deliveryIds().get(0);
    storage().record(List.of(failure(claimOne(storage(), T0), T0)), Map.of(), T0);
    Delivery before = get(old);
    storage().delete("w1");

    assertThat(storage().redeliver(old, "zz1", T0)).isFalse();
    assertThat(storage().redeliver("absent", "zz2", T0)).isFalse();
    assertThat(storage().redeliver(HOSTILE, "zz3", T0)).isFalse();
    assertThat(storage().redeliverFailed("w1", T0, IDS, T0, 9)).isEmpty();
    assertThat(storage().redeliverFailed("absent", T0, IDS, T0, 9)).isEmpty();

    assertThat(get(old)).isEqualTo(before);
    assertThat(otherNode().delivery("zz1")).isEmpty();
  }

  @Test
  default void redeliverFailed_several_takesThoseFinishedFirstUpToTheLimit() {
    insert(storage(), "w1", "w2");
    List<String> failed = failMany(storage(), "w1", 7);
    Instant now = T0.plusSeconds(50);

    List<String> first = storage().redeliverFailed("w1", T0, IDS, now, 5);
    List<String> second = otherNode().redeliverFailed("w1", T0, IDS, now, 5);

    assertThat(first).hasSize(5).isSorted();
    assertThat(second).hasSize(2);
    assertThat(first)
        .extracting(id -> get(id).redeliveryOf().orElseThrow())
        .containsExactlyElementsOf(failed.subList(0, 5));
    assertThat(second)
        .extracting(id -> get(id).redeliveryOf().orElseThrow())
        .containsExactlyElementsOf(failed.subList(5, 7));
    assertThat(storage().redeliverFailed("w1", T0, IDS, now, 5)).isEmpty();
    assertThat(storage().redeliverFailed("w2", T0, IDS, now, 9)).hasSize(7);
  }

  @Test
  default void redeliverFailed_since_isInclusive() {
    insert(storage(), "w1");
    List<String> failed = failMany(storage(), "w1", 3);
    Instant since = get(failed.get(1)).finishedAt().orElseThrow();

    assertThat(storage().redeliverFailed("w1", since.plusSeconds(9), IDS, T0, 9))
        .isEmpty();
    assertThat(storage().redeliverFailed("w1", since, IDS, T0, 9))
        .extracting(id -> get(id).redeliveryOf().orElseThrow())
        .containsExactlyElementsOf(failed.subList(1, 3));
  }

  @Test
  default void redeliverFailed_whatFailedAgain_isRepeatedAsTheNewest() {
    insert(storage(), "w1");
    String old = failMany(storage(), "w1", 1).get(0);
    Instant now = T0.plusSeconds(50);
    String again = storage().redeliverFailed("w1", T0, IDS, now, 9).get(0);
    storage().record(List.of(failure(claimOne(storage(), now), now)), Map.of(), now);

    String third = storage().redeliverFailed("w1", T0, IDS, now, 9).get(0);

    assertThat(get(third).redeliveryOf()).contains(again);
    assertThat(get(old).redeliveredAs()).contains(again);
  }

  @Test
  default void redeliverFailed_otherStates_areLeft() {
    insert(storage(), "w1");
    String failed = failMany(storage(), "w1", 1).get(0);
    publish(storage(), "waits");
    publish(storage(), "succeeds");
    List<ClaimedDelivery> claimed = claim(storage(), T0).deliveries();
    storage().record(List.of(success(claimed.get(0), T0)), Map.of(), T0);
    storage().release(Map.of(claimed.get(1).lease(), T0));
    storage().redeliver(failed, nextId(), T0);
    storage().end("w1", DeliveryState.CANCELLED, T0.plus(LEASE), 1);

    assertThat(storage().redeliverFailed("w1", T0, IDS, T0, 9)).isEmpty();
  }

  @Test
  default void redeliverFailed_idsThatFail_changeNothing() {
    insert(storage(), "w1");
    List<String> failed = failMany(storage(), "w1", 3);
    AtomicInteger given = new AtomicInteger();

    assertThatThrownBy(() -> storage()
            .redeliverFailed(
                "w1",
                T0,
                () -> {
                  if (given.incrementAndGet() == 3) {
                    throw new IllegalStateException("no more ids");
                  }
                  return nextId();
                },
                T0,
                9))
        .isInstanceOf(RuntimeException.class);

    assertThat(failed).allMatch(id -> get(id).redeliveredAs().isEmpty());
    assertThat(claim(storage(), T0.plusSeconds(99)).deliveries()).isEmpty();
    assertThat(storage().redeliverFailed("w1", T0, IDS, T0, 9)).hasSize(3);
  }

  @Test
  default void redeliverFailed_by16Threads_repeatsEachOnce() {
    insert(storage(), "w1");
    List<String> failed = failMany(storage(), "w1", 300);
    Instant now = T0.plusSeconds(50);

    List<Integer> repeated = ConcurrentThreads.act(i -> {
      Storage node = i % 2 == 0 ? storage() : otherNode();
      int count = 0;
      int batch = 20;
      while (batch == 20) {
        batch = node.redeliverFailed("w1", T0, IDS, now, 20).size();
        count += batch;
      }
      return count;
    });

    assertThat(repeated.stream().mapToInt(Integer::intValue).sum()).isEqualTo(300);
    assertThat(claim(storage(), now).deliveries())
        .extracting(one -> get(one.deliveryId()).redeliveryOf().orElseThrow())
        .containsExactlyInAnyOrderElementsOf(failed);
  }

  @Test
  default void redeliver_oneBy16Threads_givesEachItsOwn() {
    insert(storage(), "w1");
    String failed = failMany(storage(), "w1", 1).get(0);

    List<String> repeated = ConcurrentThreads.act(i -> {
      String id = nextId();
      assertThat((i % 2 == 0 ? storage() : otherNode()).redeliver(failed, id, T0))
          .isTrue();
      return id;
    });

    assertThat(claim(storage(), T0).deliveries())
        .extracting(ClaimedDelivery::deliveryId)
        .containsExactlyInAnyOrderElementsOf(repeated);
    assertThat(repeated).contains(get(failed).redeliveredAs().orElseThrow());
    assertThat(storage().redeliverFailed("w1", T0, IDS, T0, 9)).isEmpty();
  }

  @Test
  default void redeliver_whileTheWebhookIsDeleted_leavesNothingThatStaysWaiting() {
    insert(storage(), "w1");
    List<String> failed = failMany(storage(), "w1", 32);

    List<List<String>> repeated = ConcurrentThreads.act(i -> {
      Storage node = i % 2 == 0 ? storage() : otherNode();
      if (i == 7) {
        node.delete("w1");
        return List.of();
      }
      String id = nextId();
      return node.redeliver(failed.get(i), id, T0) ? List.of(id) : List.of();
    });
    int ended = storage().end("w1", DeliveryState.CANCELLED, T0, 100);

    assertThat(ended).isEqualTo(repeated.stream().mapToInt(List::size).sum());
    assertThat(claim(storage(), T0.plusSeconds(99)).orphans()).isEmpty();
  }
}
