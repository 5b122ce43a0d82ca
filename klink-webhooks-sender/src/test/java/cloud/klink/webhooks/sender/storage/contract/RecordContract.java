package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.HOSTILE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.KHMER;
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
import static cloud.klink.webhooks.sender.storage.contract.Samples.retry;
import static cloud.klink.webhooks.sender.storage.contract.Samples.success;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Recorded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What came of attempts is written once, with the attempts as they were. */
public interface RecordContract extends StorageUnderTest {

  @Test
  default void record_success_endsTheDelivery() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));
    ClaimedDelivery claimed = claimOne(storage(), T0);
    Instant now = T0.plusSeconds(3).plus(TICK);

    Recorded recorded = storage().record(List.of(success(claimed, T0)), Map.of(), now);

    assertThat(recorded).isEqualTo(new Recorded(java.util.Set.of(), Map.of()));
    Delivery delivery = otherNode().delivery(claimed.deliveryId()).orElseThrow();
    assertThat(delivery.state()).isEqualTo(DeliveryState.SUCCEEDED);
    assertThat(delivery.attempts()).isEqualTo(1);
    assertThat(delivery.dueAt()).isEmpty();
    assertThat(delivery.finishedAt()).contains(now);
    assertThat(delivery.createdAt()).isEqualTo(T0);
    assertThat(otherNode().attempts(claimed.deliveryId()))
        .containsExactly(success(claimed, T0).attempt());
  }

  @Test
  default void record_lastFailure_endsTheDelivery() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));
    ClaimedDelivery claimed = claimOne(storage(), T0);

    storage().record(List.of(failure(claimed, T0)), Map.of(), T0);

    assertThat(storage().delivery(claimed.deliveryId()).orElseThrow().state())
        .isEqualTo(DeliveryState.FAILED);
    assertThat(claim(storage(), T0.plusSeconds(9_999)).deliveries()).isEmpty();
  }

  @Test
  default void record_retry_isDueToTheMicrosecond() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));
    ClaimedDelivery claimed = claimOne(storage(), T0);
    Instant retryAt = T0.plusSeconds(30).plusNanos(654_321_000);

    storage().record(List.of(retry(claimed, T0, retryAt)), Map.of(), T0.plusSeconds(1));

    Delivery delivery = storage().delivery(claimed.deliveryId()).orElseThrow();
    assertThat(delivery.state()).isEqualTo(DeliveryState.WAITING);
    assertThat(delivery.attempts()).isEqualTo(1);
    assertThat(delivery.dueAt()).contains(retryAt);
    assertThat(delivery.finishedAt()).isEmpty();
    assertThat(claim(otherNode(), retryAt.minus(TICK)).deliveries()).isEmpty();
    assertThat(claim(otherNode(), retryAt.minus(TICK)).nextDue()).contains(retryAt);
    assertThat(claimOne(otherNode(), retryAt).attempts()).isEqualTo(1);
  }

  @Test
  default void record_retryBeforeTheLeaseWouldEnd_isDueAtItsTime() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));
    ClaimedDelivery claimed = claimOne(storage(), T0);

    storage().record(List.of(retry(claimed, T0, T0.plusSeconds(1))), Map.of(), T0);

    assertThat(T0.plusSeconds(1)).isBefore(T0.plus(LEASE));
    assertThat(claim(otherNode(), T0.plusSeconds(1)).deliveries()).hasSize(1);
  }

  @Test
  default void record_fourAttempts_areListedInTheirOrder() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));
    List<Attempt> attempts = new ArrayList<>();
    Instant now = T0;
    for (int i = 0; i < 3; i++) {
      Outcome outcome = retry(claimOne(storage(), now), now, now.plusSeconds(30));
      storage().record(List.of(outcome), Map.of(), now);
      attempts.add(outcome.attempt());
      now = now.plusSeconds(30);
    }
    Outcome last = failure(claimOne(otherNode(), now), now);
    otherNode().record(List.of(last), Map.of(), now);
    attempts.add(last.attempt());

    String id = last.lease().deliveryId();
    assertThat(storage().attempts(id)).containsExactlyElementsOf(attempts);
    assertThat(storage().attempts(id)).extracting(Attempt::number).containsExactly(1, 2, 3, 4);
    assertThat(storage().delivery(id).orElseThrow().attempts()).isEqualTo(4);
  }

  @Test
  default void record_anyTexts_areKeptAsTheyWere() {
    insert(storage(), "w1");
    publishMany(storage(), "e", 5);
    List<AttemptResult> results = List.of(
        new AttemptResult(
            AttemptOutcome.TLS_FAILED,
            OptionalInt.empty(),
            Optional.empty(),
            KHMER,
            HOSTILE,
            KHMER.repeat(100),
            "content-type: text/plain\nx: " + KHMER,
            "192.0.2.1:443",
            false),
        new AttemptResult(
            AttemptOutcome.REJECTED,
            OptionalInt.of(599),
            Optional.of(Duration.ofSeconds(7)),
            "",
            "",
            "",
            "",
            "",
            true),
        new AttemptResult(
            AttemptOutcome.BROKEN,
            OptionalInt.of(100),
            Optional.of(Duration.ZERO),
            "ម".repeat(AttemptResult.MAX_ERROR_LENGTH),
            "\uD83D\uDE00".repeat(AttemptResult.MAX_TRACE_LENGTH / 2),
            "é".repeat(AttemptResult.MAX_RESPONSE_BYTES),
            "a".repeat(AttemptResult.MAX_RESPONSE_HEADERS_LENGTH - 3) + ": é",
            "[2001:db8:0:0:0:0:0:1]:65535",
            false),
        new AttemptResult(
            AttemptOutcome.SUCCEEDED,
            OptionalInt.of(204),
            Optional.empty(),
            "",
            "",
            "\u0001\t\r\n\u2028\uFEFF",
            "x: \u0001\t\r\ny: \u2028\uFEFF\nset-cookie: a" + HOSTILE,
            "\u0001\n",
            false),
        AttemptResult.acknowledged().afterSendingAgain());
    List<ClaimedDelivery> claimed = claim(storage(), T0.plusSeconds(1)).deliveries();
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Duration duration = Duration.ofNanos(i * 1_234_567_000L);
      Attempt attempt =
          Samples.attempt(claimed.get(i), T0.plusNanos(i * 1_000L), duration, results.get(i));
      DeliveryState state =
          results.get(i).succeeded() ? DeliveryState.SUCCEEDED : DeliveryState.FAILED;
      outcomes.add(new Outcome(claimed.get(i).lease(), "w1", attempt, state, Optional.empty()));
    }

    storage().record(outcomes, Map.of(), T0);

    for (Outcome outcome : outcomes) {
      assertThat(otherNode().attempts(outcome.lease().deliveryId()))
          .containsExactly(outcome.attempt());
    }
  }

  @Test
  default void record_someStale_countsTheOthers() {
    insert(storage(), "w1");
    publishMany(storage(), "e", 4);
    Instant now = T0.plusSeconds(1);
    List<ClaimedDelivery> first = claim(storage(), now).deliveries();
    storage().record(List.of(success(first.get(0), T0)), Map.of(), now);
    storage().release(Map.of(first.get(1).lease(), T0));
    ClaimedDelivery again = claimOne(otherNode(), now);
    assertThat(again.deliveryId()).isEqualTo(first.get(1).deliveryId());
    ClaimedDelivery absent = new ClaimedDelivery(
        new Lease("absent", 1),
        now,
        "w1",
        1,
        "e9",
        first.get(0).eventName(),
        first.get(0).body(),
        0,
        T0,
        T0,
        Optional.empty());

    Recorded recorded = storage()
        .record(
            List.of(
                failure(first.get(0), T0),
                success(first.get(1), T0),
                success(first.get(2), T0),
                retry(first.get(3), T0, now.plusSeconds(30)),
                success(absent, T0)),
            Map.of(),
            now);

    assertThat(recorded.stale())
        .containsExactlyInAnyOrder(
            first.get(0).lease(), first.get(1).lease(), new Lease("absent", 1));
    assertThat(recorded.missing()).containsExactly(new Lease("absent", 1));
    assertThat(first.stream()
            .map(c -> storage().delivery(c.deliveryId()).orElseThrow().state()))
        .containsExactly(
            DeliveryState.SUCCEEDED,
            DeliveryState.WAITING,
            DeliveryState.SUCCEEDED,
            DeliveryState.WAITING);
    assertThat(first.stream().map(c -> storage().attempts(c.deliveryId()).size()))
        .containsExactly(1, 0, 1, 1);
    assertThat(storage().attempts("absent")).isEmpty();
  }

  @Test
  default void record_again_changesNothing() {
    insert(storage(), "w1");
    publishMany(storage(), "e", 2);
    List<ClaimedDelivery> claimed = claim(storage(), T0.plusSeconds(1)).deliveries();
    Instant retryAt = T0.plusSeconds(30);
    List<Outcome> outcomes =
        List.of(success(claimed.get(0), T0), retry(claimed.get(1), T0, retryAt));
    storage().record(outcomes, Map.of(), T0.plusSeconds(1));
    List<Delivery> before = storage()
        .search(DeliveryQuery.builder().webhook("w1").limit(10).build())
        .deliveries();

    Recorded again = otherNode().record(outcomes, Map.of(), T0.plusSeconds(2));

    assertThat(again.stale()).isEmpty();
    assertThat(storage()
            .search(DeliveryQuery.builder().webhook("w1").limit(10).build())
            .deliveries())
        .isEqualTo(before);
    assertThat(storage().attempts(claimed.get(0).deliveryId())).hasSize(1);
    assertThat(storage().attempts(claimed.get(1).deliveryId())).hasSize(1);
  }

  @Test
  default void record_againAfterTheRetryWasClaimed_isNotStale() {
    insert(storage(), "w1");
    publishMany(storage(), "e", 1);
    Instant retryAt = T0.plusSeconds(30);
    List<Outcome> outcomes = List.of(retry(claimOne(storage(), T0.plusSeconds(1)), T0, retryAt));
    storage().record(outcomes, Map.of(), T0.plusSeconds(1));
    ClaimedDelivery claimed = claimOne(otherNode(), retryAt);

    Recorded again = storage().record(outcomes, Map.of(), retryAt);

    assertThat(again.stale()).isEmpty();
    assertThat(storage().attempts(claimed.deliveryId())).hasSize(1);
    assertThat(storage()
            .record(List.of(success(claimed, retryAt)), Map.of(), retryAt)
            .stale())
        .isEmpty();
  }

  @Test
  default void record_withoutLog_changesTheDelivery() {
    insert(storage(), "w1");
    publishMany(storage(), "e", 2);
    List<ClaimedDelivery> claimed = claim(storage(), T0.plusSeconds(1)).deliveries();
    Instant retryAt = T0.plusSeconds(30);

    Recorded recorded = storage()
        .record(
            List.of(
                success(claimed.get(0), T0).withoutLog(),
                retry(claimed.get(1), T0, retryAt).withoutLog()),
            Map.of(),
            T0.plusSeconds(1));

    assertThat(recorded.stale()).isEmpty();
    assertThat(storage().delivery(claimed.get(0).deliveryId()).orElseThrow().state())
        .isEqualTo(DeliveryState.SUCCEEDED);
    Delivery waiting = storage().delivery(claimed.get(1).deliveryId()).orElseThrow();
    assertThat(waiting.dueAt()).contains(retryAt);
    assertThat(waiting.attempts()).isEqualTo(1);
    assertThat(claimOne(storage(), retryAt).attempts()).isEqualTo(1);
  }

  @Test
  default void record_thousand_isDoneToAll() {
    insert(storage(), "w1", "w2");
    publishMany(storage(), "e", 500);
    List<ClaimedDelivery> claimed = claim(storage(), T0.plusSeconds(1)).deliveries();

    Recorded recorded =
        storage().record(claimed.stream().map(c -> success(c, T0)).toList(), Map.of(), T0);

    assertThat(claimed).hasSize(1_000);
    assertThat(recorded.stale()).isEmpty();
    assertThat(storage()
            .search(DeliveryQuery.builder().webhook("w2").limit(1_000).build())
            .deliveries())
        .hasSize(500)
        .extracting(Delivery::state)
        .containsOnly(DeliveryState.SUCCEEDED);
  }

  @Test
  default void record_sameDeliveriesBy16Threads_countsOnce() {
    insert(storage(), "w1");
    publishMany(storage(), "e", 50);
    List<Outcome> outcomes = claim(storage(), T0.plusSeconds(1)).deliveries().stream()
        .map(c -> retry(c, T0, T0.plusSeconds(30)))
        .toList();

    ConcurrentThreads.act(
        i -> (i % 2 == 0 ? storage() : otherNode()).record(outcomes, Map.of(), T0));

    assertThat(storage()
            .search(DeliveryQuery.builder().webhook("w1").limit(100).build())
            .deliveries())
        .hasSize(50)
        .extracting(Delivery::attempts)
        .containsOnly(1);
  }

  @Test
  default void record_nothing_changesNothing() {
    assertThat(storage().record(List.of(), Map.of(), T0))
        .isEqualTo(new Recorded(java.util.Set.of(), Map.of()));
  }
}
