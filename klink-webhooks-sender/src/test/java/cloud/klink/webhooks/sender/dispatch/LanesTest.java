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
import org.junit.jupiter.api.Test;

class LanesTest {
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38Z");
  private static final DeliveryPolicy POLICY = DeliveryPolicy.DEFAULT.withMaxConcurrent(10);

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
      () -> NOW);

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
  void onHold_untilItGoesOn_nothingIsTakenButProbes() {
    lanes.hold();
    lanes.noteMore();
    assertThat(lanes.reserve("a", 0)).isEqualTo(Lanes.Place.NONE);
    assertThat(lanes.isHungry()).isFalse();
    assertThat(lanes.demand("")).isNull();

    lanes.probe(3, Set.of("b", "c"));
    assertThat(lanes.isHungry()).isTrue();
    ClaimRequest known = demand();
    assertThat(known.max()).isEqualTo(3);
    assertThat(known.perWebhook()).isZero();
    assertThat(known.allowances()).isEqualTo(Map.of("b", 1, "c", 1));
    lanes.claimed(known, Map.of(), 0);
    ClaimRequest any = demand();
    assertThat(any.max()).isEqualTo(3);
    assertThat(any.perWebhook()).isEqualTo(1);
    lanes.claimed(any, Map.of(), 0);
    assertThat(lanes.isHungry()).isFalse();

    lanes.goOn();
    assertThat(lanes.isHungry()).isTrue();
    assertThat(demand().max()).isEqualTo(64);
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
