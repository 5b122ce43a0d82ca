package cloud.klink.webhooks.sender.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DispatchQueueTest {
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38Z");
  private static final DeliveryPolicy POLICY =
      DeliveryPolicy.builder().maxConcurrent(10).build();

  private Instant now = NOW;
  private final DispatchQueue queues = new DispatchQueue(
      new DispatchSettings(
          POLICY,
          webhook -> POLICY,
          64,
          1_000,
          Duration.ofMinutes(1),
          Duration.ofSeconds(1),
          OutagePolicy.DEFAULT,
          8 << 20),
      () -> now);

  @Test
  void isHungry_claimThatSkippedTheLaneWithMore_againOnceTheLaneHasRoom() {
    saturate("a");
    queues.noteMore();
    assertThat(queues.shouldClaim()).isTrue();

    ClaimRequest request = demand();
    assertThat(request.allowance("a")).isZero();
    queues.claimed(request, Map.of(), 0);
    assertThat(queues.shouldClaim()).isFalse();

    queues.unreserve("a", 0);
    assertThat(queues.shouldClaim()).isTrue();
  }

  @Test
  void isHungry_fullClaimThenOneThatSkipsItsLane_againOnceTheLaneHasRoom() {
    ClaimRequest full = demand();
    saturate("a");
    queues.claimed(full, Map.of("a", 5, "b", 59), full.max());
    queues.claimed(demand(), Map.of(), 0);
    assertThat(queues.shouldClaim()).isFalse();

    queues.unreserve("a", 0);
    assertThat(queues.shouldClaim()).isTrue();
  }

  @Test
  void isHungry_moreForALaneWithoutRoom_onlyOnceItHasSome() {
    saturate("a");
    assertThat(queues.reserve("a", 0)).isEqualTo(DispatchQueue.Place.QUEUE_FULL);
    queues.noteMore(Set.of("a"));
    assertThat(queues.shouldClaim()).isFalse();

    queues.unreserve("a", 0);
    assertThat(queues.shouldClaim()).isTrue();
  }

  @Test
  void outage_webhookThatFailed_isProbedAtGrowingIntervalsAndOthersAreClaimedAsEver() {
    queues.beginOutage(Set.of("b", "c"));
    queues.probeOnly("a");
    queues.probeOnly("b");
    assertThat(queues.reserve("a", 0)).isEqualTo(DispatchQueue.Place.NONE);
    assertThat(queues.reserve("c", 0)).isEqualTo(DispatchQueue.Place.TAKEN);
    queues.unreserve("c", 0);
    queues.noteMore();
    ClaimRequest ordinary = demand();
    assertThat(ordinary.max()).isEqualTo(64);
    assertThat(ordinary.perWebhook()).isEqualTo(1);
    assertThat(ordinary.allowances()).isEqualTo(Map.of("a", 0, "b", 0));
    queues.claimed(ordinary, Map.of(), 0);
    assertThat(queues.shouldClaim()).isFalse();
    assertThat(queues.nextWakeup()).isEqualTo(NOW.plusSeconds(1));

    now = NOW.plusSeconds(1);
    assertThat(queues.shouldClaim()).isTrue();
    ClaimRequest answered = demand();
    assertThat(answered.max()).isEqualTo(3);
    assertThat(answered.perWebhook()).isZero();
    assertThat(answered.allowances()).isEqualTo(Map.of("b", 1));
    queues.claimed(answered, Map.of(), 0);
    ClaimRequest any = demand();
    assertThat(any.max()).isEqualTo(3);
    assertThat(any.perWebhook()).isZero();
    assertThat(any.allowances()).isEqualTo(Map.of("a", 1, "b", 1));
    queues.claimed(any, Map.of(), 0);
    assertThat(queues.shouldClaim()).isFalse();
    assertThat(queues.nextWakeup()).isEqualTo(NOW.plusSeconds(3));

    queues.endOutage();
    assertThat(queues.shouldClaim()).isTrue();
    assertThat(demand().allowances()).isEmpty();
    assertThat(queues.nextWakeup()).isNull();
  }

  @Test
  void outage_nobodyHasAnswered_allAreProbedAtTheRateInRounds() {
    queues.beginOutage(Set.of());
    queues.probeOnly("a");
    queues.noteMore();
    assertThat(queues.reserve("b", 0)).isEqualTo(DispatchQueue.Place.NONE);
    assertThat(queues.shouldClaim()).isFalse();
    assertThat(queues.demand("")).isNull();

    now = NOW.plusMillis(500);
    assertThat(queues.shouldClaim()).isTrue();
    ClaimRequest first = demand();
    assertThat(first.max()).isEqualTo(OutagePolicy.PROBE_RATE / 2);
    assertThat(first.perWebhook()).isEqualTo(1);
    assertThat(first.allowances()).isEqualTo(Map.of("a", 0));
    queues.claimed(first, Map.of(), 0);
    assertThat(queues.shouldClaim()).isFalse();

    now = NOW.plusSeconds(1);
    assertThat(demand().allowances()).isEmpty();
  }

  @Test
  void outage_tooManyFailed_thoseThatAnsweredAreClaimedAsEverAndOthersAtTheRate() {
    queues.beginOutage(Set.of("b", "c"));
    IntStream.range(0, 1_200).forEach(i -> queues.probeOnly("d" + i));
    queues.noteMore();

    ClaimRequest ordinary = demand();
    assertThat(ordinary.perWebhook()).isZero();
    assertThat(ordinary.allowances()).hasSize(1_002).containsEntry("b", 1).containsEntry("d999", 0);
    queues.claimed(ordinary, Map.of(), 0);

    now = NOW.plusMillis(500);
    ClaimRequest others = demand();
    assertThat(others.max()).isEqualTo(OutagePolicy.PROBE_RATE / 2);
    assertThat(others.perWebhook()).isEqualTo(1);
    assertThat(others.allowances()).hasSize(1_002).containsEntry("b", 0);
  }

  @Test
  void isHungry_moreWasStoredDuringAClaimThatFoundLess_true() {
    ClaimRequest request = demand();
    queues.noteMore();
    queues.claimed(request, Map.of(), 0);

    assertThat(queues.shouldClaim()).isTrue();
  }

  @Test
  void isHungry_claimThatFoundLessThanItMight_false() {
    queues.noteMore();
    queues.claimed(demand(), Map.of(), 0);

    assertThat(queues.shouldClaim()).isFalse();
  }

  private void saturate(String webhookId) {
    for (int i = 0; i < POLICY.maxConcurrent(); i++) {
      assertThat(queues.reserve(webhookId, 0)).isEqualTo(DispatchQueue.Place.TAKEN);
    }
  }

  private ClaimRequest demand() {
    return Objects.requireNonNull(queues.demand(""));
  }
}
