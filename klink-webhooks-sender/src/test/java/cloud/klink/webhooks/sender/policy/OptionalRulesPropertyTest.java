package cloud.klink.webhooks.sender.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.internal.rules.RetryDecision;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** The rules that are off by default, against what they say in exact numbers. */
class OptionalRulesPropertyTest {
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38Z");
  private static final Instant CREATED = NOW.minusSeconds(60);

  private static Attempt attempt(AttemptResult result) {
    return new Attempt(
        "dlv_1",
        1,
        NOW,
        Duration.ofMillis(7),
        DeliveryMethod.WEBHOOK,
        "https://example.com/hook",
        "",
        result);
  }

  private static AttemptResult failed() {
    return AttemptResult.answered(503, new byte[0]);
  }

  private static Duration wait(RetryDecision next) {
    return Duration.between(NOW.plusMillis(7), next.retryAt().orElseThrow());
  }

  /** From nothing to 30 days, and often very little. */
  @Provide
  Arbitrary<Duration> delays() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(0, 5_000).map(micros -> Duration.of(micros, ChronoUnit.MICROS)),
        Arbitraries.longs().between(0, Duration.ofDays(30).toMillis()).map(Duration::ofMillis));
  }

  @Property
  void jitter_ofAnySize_changesTheDelayByThatPartAndNoMore(
      @ForAll("delays") Duration delay,
      @ForAll @DoubleRange(min = 0, max = 1) double jitter,
      @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double random) {
    DeliveryPolicy policy = DeliveryPolicy.builder()
        .retries(RetryPolicy.after(delay))
        .jitter(jitter)
        .build();

    RetryDecision next =
        RetryDecision.after(attempt(failed()), CREATED, policy, new Constant(random));

    BigDecimal micros = BigDecimal.valueOf(delay.toNanos() / 1_000);
    BigDecimal part = BigDecimal.valueOf(2)
        .multiply(new BigDecimal(random))
        .subtract(BigDecimal.ONE)
        .multiply(new BigDecimal(jitter));
    long exact =
        micros.add(micros.multiply(part)).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
    assertThat(next.state()).isEqualTo(DeliveryState.WAITING);
    assertThat(wait(next).toNanos() % 1_000).isZero();
    assertThat(Math.abs(wait(next).toNanos() / 1_000 - exact)).isLessThanOrEqualTo(1);
    assertThat(wait(next)).isBetween(Duration.ZERO, delay.multipliedBy(2));
  }

  @Property
  void jitter_ofDelaysBelowAMillisecond_isNotLost(@ForAll @LongRange(min = 10, max = 999) long us) {
    Duration delay = Duration.of(us, ChronoUnit.MICROS);
    DeliveryPolicy policy =
        DeliveryPolicy.builder().retries(RetryPolicy.after(delay)).jitter(0.5).build();

    assertThat(wait(RetryDecision.after(attempt(failed()), CREATED, policy, new Constant(0))))
        .isEqualTo(Duration.ofNanos(us * 500).truncatedTo(ChronoUnit.MICROS));
    assertThat(wait(RetryDecision.after(attempt(failed()), CREATED, policy, new Constant(0.75))))
        .isEqualTo(Duration.ofNanos(us * 1_250).truncatedTo(ChronoUnit.MICROS));
  }

  @Property(tries = 20)
  void jitter_ofManyDeliveries_spreadsThemEvenly(@ForAll long seed) {
    DeliveryPolicy policy = DeliveryPolicy.builder().jitter(0.2).build();
    SplittableRandom random = new SplittableRandom(seed);
    double sum = 0;
    int early = 0;
    for (int i = 0; i < 2_000; i++) {
      long millis =
          wait(RetryDecision.after(attempt(failed()), CREATED, policy, random)).toMillis();
      assertThat(millis).isBetween(24_000L, 36_000L);
      sum += millis;
      early += millis < 27_000 ? 1 : 0;
    }

    assertThat(sum / 2_000).isBetween(29_500.0, 30_500.0);
    assertThat(early).isBetween(400, 600);
  }

  @Property
  void retryAfter_ofAnyLength_isHonouredUpToTheLimitAndNeverMakesARetrySooner(
      @ForAll("delays") Duration delay,
      @ForAll @LongRange(min = 0, max = 5_000_000) long askedSeconds,
      @ForAll @LongRange(min = 0, max = 86_400) long limitSeconds) {
    DeliveryPolicy policy = DeliveryPolicy.builder()
        .retries(RetryPolicy.after(delay))
        .maxRetryAfter(Duration.ofSeconds(limitSeconds))
        .build();
    AttemptResult busy = failed().withRetryAfter(Duration.ofSeconds(askedSeconds));

    long heard = Math.min(askedSeconds, limitSeconds);
    long expected = Math.max(delay.toNanos(), Duration.ofSeconds(heard).toNanos());
    assertThat(wait(RetryDecision.after(attempt(busy), CREATED, policy, NONE)).toNanos())
        .isEqualTo(expected);
  }

  @Property
  void retryAfter_ofTheLastAttempt_bringsNoMoreRetries(
      @ForAll @LongRange(min = 0, max = 5_000_000) long askedSeconds) {
    DeliveryPolicy policy = DeliveryPolicy.builder()
        .retries(RetryPolicy.never())
        .maxRetryAfter(Duration.ofDays(1))
        .build();
    AttemptResult busy = failed().withRetryAfter(Duration.ofSeconds(askedSeconds));

    assertThat(RetryDecision.after(attempt(busy), CREATED, policy, NONE))
        .isEqualTo(new RetryDecision(DeliveryState.FAILED, Optional.empty()));
  }

  @Property
  void retryAfter_andJitter_neverGiveLessThanWasAskedFor(
      @ForAll @IntRange(min = 0, max = 120) int asked,
      @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double random) {
    DeliveryPolicy policy =
        DeliveryPolicy.builder().jitter(1).maxRetryAfter(Duration.ofMinutes(1)).build();
    AttemptResult busy = failed().withRetryAfter(Duration.ofSeconds(asked));

    Duration wait = wait(RetryDecision.after(attempt(busy), CREATED, policy, new Constant(random)));

    assertThat(wait).isBetween(Duration.ofSeconds(Math.min(asked, 60)), Duration.ofSeconds(60));
  }

  @Property
  void delay_ofAForeignPolicyOutOfRange_isCutToIt(@ForAll long seconds, @ForAll boolean jitter) {
    DeliveryPolicy policy = DeliveryPolicy.builder()
        .retries((failed, age) -> Optional.of(Duration.ofSeconds(seconds)))
        .jitter(jitter ? 1 : 0)
        .build();

    Duration wait =
        wait(RetryDecision.after(attempt(failed()), CREATED, policy, new Constant(0.5)));

    long expected = Math.max(0, Math.min(seconds, Duration.ofDays(30).toSeconds()));
    assertThat(wait).isEqualTo(Duration.ofSeconds(expected));
  }

  @Property
  void policy_valueOutOfRange_isRefusedWithItsName(@ForAll @IntRange(min = 1) int beyond) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeliveryPolicy.builder().jitter(-1.0 / beyond).build())
        .withMessageContaining("jitter");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeliveryPolicy.builder().jitter(1 + 1.0 / beyond).build())
        .withMessageContaining("jitter");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeliveryPolicy.builder().jitter(Double.NaN).build())
        .withMessageContaining("jitter");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            DeliveryPolicy.builder().maxRetryAfter(Duration.ofNanos(-beyond)).build())
        .withMessageContaining("maxRetryAfter");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeliveryPolicy.builder()
            .maxRetryAfter(Duration.ofDays(1).plusNanos(beyond))
            .build())
        .withMessageContaining("maxRetryAfter");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeliveryPolicy.builder()
            .rateLimit(1 - beyond, Duration.ofSeconds(1))
            .build())
        .withMessageContaining("rate");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DeliveryPolicy.builder()
            .rateLimit(1, Duration.ofMillis(1).minusNanos(beyond))
            .build())
        .withMessageContaining("rate");
  }

  @Property
  void outage_valueOutOfRange_isRefusedWithItsName(@ForAll @IntRange(min = 1) int beyond) {
    Duration second = Duration.ofSeconds(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OutagePolicy(-beyond, second, second))
        .withMessageContaining("hosts");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OutagePolicy(1, second, second))
        .withMessageContaining("hosts");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OutagePolicy(5, Duration.ofMinutes(1).plusNanos(beyond), second))
        .withMessageContaining("window");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OutagePolicy(5, Duration.ofMillis(1).minusNanos(beyond), second))
        .withMessageContaining("window");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OutagePolicy(5, second, second.minusNanos(beyond)))
        .withMessageContaining("probeInterval");
    assertThat(new OutagePolicy(0, second, second)).isEqualTo(OutagePolicy.never());
    assertThat(OutagePolicy.never().isNever()).isTrue();
    assertThat(OutagePolicy.DEFAULT.isNever()).isFalse();
  }

  private static final Constant NONE = new Constant(Double.NaN);

  /** Says always the same; nobody may ask for none. */
  private record Constant(double value) implements RandomGenerator {
    @Override
    public long nextLong() {
      throw new AssertionError("only fractions are asked for");
    }

    @Override
    public double nextDouble() {
      if (Double.isNaN(value)) {
        throw new AssertionError("nothing is random without jitter");
      }
      return value;
    }
  }
}
