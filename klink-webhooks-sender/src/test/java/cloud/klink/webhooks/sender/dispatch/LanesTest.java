package cloud.klink.webhooks.sender.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.rules.DeliveryPolicy;
import cloud.klink.webhooks.sender.rules.OutagePolicy;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanesTest {
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38Z");
  private static final DeliveryPolicy POLICY = DeliveryPolicy.DEFAULT.withMaxConcurrent(10);

  private Instant now = NOW;
  private final Lanes lanes = new Lanes(
      new Settings(
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
    lanes.noteMore();
    assertThat(lanes.isHungry()).isTrue();

    ClaimRequest request = demand();
    assertThat(request.allowance("a")).isZero();
    lanes.claimed(request, Map.of(), 0);
    assertThat(lanes.isHungry()).isFalse();

    lanes.unreserve("a", 0);
    assertThat(lanes.isHungry()).isTrue();
  }

  @Test
  void isHungry_fullClaimThenOneThatSkipsItsLane_againOnceTheLaneHasRoom() {
    ClaimRequest full = demand();
    saturate("a");
    lanes.claimed(full, Map.of("a", 5, "b", 59), full.max());
    lanes.claimed(demand(), Map.of(), 0);
    assertThat(lanes.isHungry()).isFalse();

    lanes.unreserve("a", 0);
    assertThat(lanes.isHungry()).isTrue();
  }

  @Test
  void isHungry_moreForALaneWithoutRoom_onlyOnceItHasSome() {
    saturate("a");
    assertThat(lanes.reserve("a", 0)).isEqualTo(Lanes.Place.NONE_IN_LANE);
    lanes.noteMore(Set.of("a"));
    assertThat(lanes.isHungry()).isFalse();

    lanes.unreserve("a", 0);
    assertThat(lanes.isHungry()).isTrue();
  }

  @Test
  void outage_webhookThatFailed_isProbedAtGrowingIntervalsAndOthersAreClaimedAsEver() {
    lanes.hold(Set.of("b", "c"));
    lanes.rest("a");
    lanes.rest("b");
    assertThat(lanes.reserve("a", 0)).isEqualTo(Lanes.Place.NONE);
    assertThat(lanes.reserve("c", 0)).isEqualTo(Lanes.Place.TAKEN);
    lanes.unreserve("c", 0);
    lanes.noteMore();
    ClaimRequest ordinary = demand();
    assertThat(ordinary.max()).isEqualTo(64);
    assertThat(ordinary.perWebhook()).isEqualTo(1);
    assertThat(ordinary.allowances()).isEqualTo(Map.of("a", 0, "b", 0));
    lanes.claimed(ordinary, Map.of(), 0);
    assertThat(lanes.isHungry()).isFalse();
    assertThat(lanes.nextRest()).isEqualTo(NOW.plusSeconds(1));

    now = NOW.plusSeconds(1);
    assertThat(lanes.isHungry()).isTrue();
    ClaimRequest answered = demand();
    assertThat(answered.max()).isEqualTo(3);
    assertThat(answered.perWebhook()).isZero();
    assertThat(answered.allowances()).isEqualTo(Map.of("b", 1));
    lanes.claimed(answered, Map.of(), 0);
    ClaimRequest any = demand();
    assertThat(any.max()).isEqualTo(3);
    assertThat(any.perWebhook()).isZero();
    assertThat(any.allowances()).isEqualTo(Map.of("a", 1, "b", 1));
    lanes.claimed(any, Map.of(), 0);
    assertThat(lanes.isHungry()).isFalse();
    assertThat(lanes.nextRest()).isEqualTo(NOW.plusSeconds(3));

    lanes.goOn();
    assertThat(lanes.isHungry()).isTrue();
    assertThat(demand().allowances()).isEmpty();
    assertThat(lanes.nextRest()).isNull();
  }

  @Test
  void outage_nobodyHasAnswered_allAreProbedAtTheRateInRounds() {
    lanes.hold(Set.of());
    lanes.rest("a");
    lanes.noteMore();
    assertThat(lanes.reserve("b", 0)).isEqualTo(Lanes.Place.NONE);
    assertThat(lanes.isHungry()).isFalse();
    assertThat(lanes.demand("")).isNull();

    now = NOW.plusMillis(500);
    assertThat(lanes.isHungry()).isTrue();
    ClaimRequest first = demand();
    assertThat(first.max()).isEqualTo(OutagePolicy.PROBE_RATE / 2);
    assertThat(first.perWebhook()).isEqualTo(1);
    assertThat(first.allowances()).isEqualTo(Map.of("a", 0));
    lanes.claimed(first, Map.of(), 0);
    assertThat(lanes.isHungry()).isFalse();

    now = NOW.plusSeconds(1);
    assertThat(demand().allowances()).isEmpty();
  }

  @Test
  void outage_tooManyFailed_thoseThatAnsweredAreClaimedAsEverAndOthersAtTheRate() {
    lanes.hold(Set.of("b", "c"));
    IntStream.range(0, 1_200).forEach(i -> lanes.rest("d" + i));
    lanes.noteMore();

    ClaimRequest ordinary = demand();
    assertThat(ordinary.perWebhook()).isZero();
    assertThat(ordinary.allowances()).hasSize(1_002).containsEntry("b", 1).containsEntry("d999", 0);
    lanes.claimed(ordinary, Map.of(), 0);

    now = NOW.plusMillis(500);
    ClaimRequest others = demand();
    assertThat(others.max()).isEqualTo(OutagePolicy.PROBE_RATE / 2);
    assertThat(others.perWebhook()).isEqualTo(1);
    assertThat(others.allowances()).hasSize(1_002).containsEntry("b", 0);
  }

  @Test
  void isHungry_moreWasStoredDuringAClaimThatFoundLess_true() {
    ClaimRequest request = demand();
    lanes.noteMore();
    lanes.claimed(request, Map.of(), 0);

    assertThat(lanes.isHungry()).isTrue();
  }

  @Test
  void isHungry_claimThatFoundLessThanItMight_false() {
    lanes.noteMore();
    lanes.claimed(demand(), Map.of(), 0);

    assertThat(lanes.isHungry()).isFalse();
  }

  private void saturate(String webhookId) {
    for (int i = 0; i < POLICY.maxConcurrent(); i++) {
      assertThat(lanes.reserve(webhookId, 0)).isEqualTo(Lanes.Place.TAKEN);
    }
  }

  private ClaimRequest demand() {
    return Objects.requireNonNull(lanes.demand(""));
  }
}
