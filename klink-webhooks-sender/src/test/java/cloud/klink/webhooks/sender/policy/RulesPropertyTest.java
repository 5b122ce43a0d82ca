package cloud.klink.webhooks.sender.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.internal.rules.RetryDecision;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What holds for the rules whatever they are given. */
class RulesPropertyTest {
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38Z");
  private static final Instant CREATED = NOW.minusSeconds(60);
  private static final byte[] NO_BODY = {};

  // --- what follows an attempt

  @Property
  void next_success_endsTheDeliveryWhateverThePolicy(
      @ForAll("retries") List<Duration> delays,
      @ForAll @IntRange(min = 1, max = 200) int number,
      @ForAll @IntRange(min = 200, max = 299) int status) {
    assertThat(next(attempt(number, 5, status), policy(delays)))
        .isEqualTo(new RetryDecision(DeliveryState.SUCCEEDED, Optional.empty()));
  }

  @Property
  void next_failure_isRepeatedAfterTheDelayFromItsEndAsOftenAsThePolicySays(
      @ForAll("retries") List<Duration> delays,
      @ForAll @IntRange(min = 1, max = 12) int number,
      @ForAll @LongRange(min = 0, max = 300_000) long millis,
      @ForAll("failing") int status) {
    RetryDecision next = next(attempt(number, millis, status), policy(delays));

    if (number <= delays.size()) {
      Instant end = NOW.plusMillis(millis);
      assertThat(next)
          .isEqualTo(new RetryDecision(
              DeliveryState.WAITING, Optional.of(end.plus(delays.get(number - 1)))));
    } else {
      assertThat(next).isEqualTo(new RetryDecision(DeliveryState.FAILED, Optional.empty()));
    }
  }

  @Property
  void next_failuresInARow_areOneMoreThanTheDelaysAndEndInFailed(
      @ForAll("retries") List<Duration> delays) {
    RetryPolicy policy = policy(delays);
    int attempts = 1;
    while (next(attempt(attempts, 1, 500), policy).state() == DeliveryState.WAITING) {
      attempts++;
    }

    assertThat(attempts).isEqualTo(delays.size() + 1);
  }

  @Property
  void next_stateAndTime_agreeOrAreRefused(@ForAll DeliveryState state, @ForAll boolean withTime) {
    Optional<Instant> retryAt = withTime ? Optional.of(NOW) : Optional.empty();
    if (withTime == (state == DeliveryState.WAITING)) {
      assertThat(new RetryDecision(state, retryAt).retryAt()).isEqualTo(retryAt);
    } else {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new RetryDecision(state, retryAt))
          .withMessageContaining("retryAt");
    }
  }

  // --- retries

  @Property
  void retries_anyFailure_isAnsweredTheSameEachTime(
      @ForAll("retries") List<Duration> delays,
      @ForAll @IntRange(min = 1, max = 200) int failures) {
    RetryPolicy policy = policy(delays);

    Attempt failed = attempt(failures, 1, 500);
    Optional<Duration> delay = policy.delayAfter(failed, Duration.ZERO);
    assertThat(delay).isEqualTo(policy.delayAfter(failed, Duration.ofDays(30)));
    assertThat(delay.isPresent()).isEqualTo(failures <= delays.size());
  }

  @Property
  void retries_delayOutOfRange_isRefused(
      @ForAll("retries") @Size(max = 5) List<Duration> delays, @ForAll("noDelay") Duration wrong) {
    Duration[] all = delays.toArray(new Duration[delays.size() + 1]);
    all[delays.size()] = wrong;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetryPolicy.after(all))
        .withMessageContaining("retries");
  }

  // --- pausing

  @Property
  void pausing_anyFailures_happensAtMoreThanTheNumberWithinTheWindow(
      @ForAll @IntRange(min = 0, max = 60) int borne,
      @ForAll @LongRange(min = 1, max = 7_200) long windowSeconds,
      @ForAll @Size(max = 120) List<@LongRange(min = -10_000, max = 10) Long> offsets) {
    Duration window = Duration.ofSeconds(windowSeconds);
    PausePolicy policy = PausePolicy.moreThan(borne, window);
    List<Failure> all = offsets.stream()
        .sorted(Comparator.reverseOrder())
        .map(RulesPropertyTest::failure)
        .toList();
    List<Failure> sample = all.stream()
        .filter(failure -> failure.endedAt().isAfter(NOW.minus(window)))
        .limit(policy.sample())
        .toList();
    long within = offsets.stream().filter(offset -> offset > -windowSeconds).count();

    assertThat(policy.decide(sample, NOW).isPresent()).isEqualTo(within > borne);
    assertThat(policy.decide(all, NOW)).isEqualTo(policy.decide(sample, NOW));
  }

  @Property
  void pausing_oneFailureMore_neverTakesAPauseBack(
      @ForAll @IntRange(min = 0, max = 20) int borne,
      @ForAll @Size(max = 40) List<@LongRange(min = -200, max = 0) Long> offsets,
      @ForAll @LongRange(min = -200, max = 0) long more) {
    PausePolicy policy = PausePolicy.moreThan(borne, Duration.ofSeconds(100));
    List<Failure> failures = offsets.stream().map(RulesPropertyTest::failure).toList();
    List<Failure> withMore =
        Stream.concat(failures.stream(), Stream.of(failure(more))).toList();

    if (policy.decide(failures, NOW).isPresent()) {
      assertThat(policy.decide(withMore, NOW)).isPresent();
    } else {
      assertThat(policy.decide(failures, NOW)).isEmpty();
    }
  }

  private static Failure failure(long offset) {
    return new Failure(NOW.plusSeconds(offset), AttemptOutcome.REJECTED, OptionalInt.of(500));
  }

  @Property
  void pausing_never_staysActive(@ForAll @IntRange(min = 0, max = 20_000) int failures) {
    PausePolicy policy = PausePolicy.never();

    assertThat(policy.decide(Collections.nCopies(failures, failure(0)), NOW)).isEmpty();
    assertThat(policy.sample()).isPositive();
    assertThat(policy.window()).isPositive();
  }

  @Property
  void pausing_valueOutOfRange_isRefused(
      @ForAll @IntRange(min = 1, max = 1_000_000) int beyond,
      @ForAll @LongRange(min = 1, max = 1_000_000) long seconds) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PausePolicy.moreThan(-beyond, Duration.ofHours(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PausePolicy.moreThan(10_000 + beyond, Duration.ofHours(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PausePolicy.moreThan(50, Duration.ofSeconds(1).minusMillis(seconds)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PausePolicy.moreThan(50, Duration.ofDays(30).plusSeconds(seconds)));
  }

  // --- the policy as a whole

  @Property
  void policy_change_leavesTheOtherPartsAsTheyWere(
      @ForAll @LongRange(min = 1, max = 300_000) long millis,
      @ForAll("retries") List<Duration> delays,
      @ForAll @IntRange(min = 0, max = 10_000) int borne,
      @ForAll @IntRange(min = 1, max = 1_000) int concurrent) {
    Duration timeout = Duration.ofMillis(millis);
    RetryPolicy retries = policy(delays);
    PausePolicy pausing = PausePolicy.moreThan(borne, Duration.ofMinutes(1));
    DeliveryPolicy policy = DeliveryPolicy.builder()
        .timeout(timeout)
        .retries(retries)
        .pausing(pausing)
        .maxConcurrent(concurrent)
        .build();

    DeliveryPolicy changed = policy.toBuilder().jitter(0.5).build();

    assertThat(changed.timeout()).isEqualTo(timeout);
    assertThat(changed.retries()).isEqualTo(retries);
    assertThat(changed.pausing()).isEqualTo(pausing);
    assertThat(changed.maxConcurrent()).isEqualTo(concurrent);
    assertThat(changed).isNotEqualTo(policy);
    assertThat(changed.toBuilder().jitter(0).build()).isEqualTo(policy);
  }

  @Property
  void policy_valueOutOfRange_isRefusedWithItsName(
      @ForAll @LongRange(min = 0, max = 1_000_000) long beyond) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> DeliveryPolicy.builder().timeout(Duration.ofMillis(-beyond)).build())
        .withMessageContaining("timeout");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeliveryPolicy.builder()
            .timeout(Duration.ofMillis(300_001 + beyond))
            .build())
        .withMessageContaining("timeout");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeliveryPolicy.builder().maxConcurrent((int) -beyond).build())
        .withMessageContaining("maxConcurrent");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> DeliveryPolicy.builder().maxConcurrent((int) (1_001 + beyond)).build())
        .withMessageContaining("maxConcurrent");
  }

  @Provide
  Arbitrary<List<Duration>> retries() {
    return Arbitraries.longs()
        .between(0, Duration.ofDays(30).toMillis())
        .map(Duration::ofMillis)
        .list()
        .ofMaxSize(10);
  }

  @Provide
  Arbitrary<Duration> noDelay() {
    return Arbitraries.longs()
        .between(1, 1_000_000_000)
        .flatMap(beyond ->
            Arbitraries.of(Duration.ofMillis(-beyond), Duration.ofDays(30).plusMillis(beyond)));
  }

  /** Any status but 2xx, and 0 for none. */
  @Provide
  Arbitrary<Integer> failing() {
    return Arbitraries.oneOf(
        Arbitraries.just(0),
        Arbitraries.integers().between(100, 199),
        Arbitraries.integers().between(300, 999));
  }

  private static RetryDecision next(Attempt attempt, RetryPolicy retries) {
    return RetryDecision.after(
        attempt, CREATED, DeliveryPolicy.builder().retries(retries).build(), () -> {
          throw new AssertionError("nothing is random without jitter");
        });
  }

  private static RetryPolicy policy(List<Duration> delays) {
    return RetryPolicy.after(delays.toArray(new Duration[0]));
  }

  private static Attempt attempt(int number, long millis, int status) {
    AttemptResult result = status == 0
        ? AttemptResult.failed(AttemptOutcome.CONNECTION_REFUSED, "connection refused")
        : AttemptResult.answered(status, NO_BODY);
    return new Attempt(
        "dlv_1",
        number,
        NOW,
        Duration.ofMillis(millis),
        DeliveryMethod.WEBHOOK,
        "https://example.com/hook",
        "",
        result);
  }
}
