package cloud.klink.webhooks.sender.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** The bucket against one of fractions that are never rounded. */
class TokenBucketPropertyTest {
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38Z");

  /** What is in a bucket, in attempts times microseconds. */
  private static final class Naive {
    private final BigInteger attempts;
    private final BigInteger per;
    private BigInteger level;

    Naive(RateLimit rate) {
      attempts = BigInteger.valueOf(rate.attempts());
      per = BigInteger.valueOf(rate.per().toNanos() / 1_000);
      level = attempts.multiply(per);
    }

    void pass(long micros) {
      level = level.add(attempts.multiply(BigInteger.valueOf(micros))).min(attempts.multiply(per));
    }

    int tokens() {
      return level.divide(per).intValueExact();
    }

    void take() {
      level = level.subtract(per);
    }
  }

  @Provide
  Arbitrary<RateLimit> rates() {
    return Combinators.combine(
            Arbitraries.integers().between(1, DeliveryPolicy.MAX_RATE_LIMIT),
            Arbitraries.longs().between(1_000, Duration.ofDays(1).toNanos() / 1_000))
        .as((attempts, micros) -> new RateLimit(attempts, Duration.of(micros, ChronoUnit.MICROS)));
  }

  @Property
  void tokens_anyTakingAtAnyTimes_areThoseOfTheNaiveBucket(
      @ForAll("rates") RateLimit rate,
      @ForAll @Size(max = 50) List<@LongRange(min = 0, max = 100_000_000_000L) Long> times) {
    TokenBucket bucket = new TokenBucket(rate, NOW);
    Naive naive = new Naive(rate);
    Instant now = NOW;
    for (long micros : times) {
      now = now.plus(micros, ChronoUnit.MICROS);
      naive.pass(micros);
      for (int i = 0; i < 20 && naive.tokens() > 0; i++) {
        assertThat(bucket.tokens(now, Duration.ZERO)).isEqualTo(naive.tokens());
        assertThat(bucket.untilToken(now)).isZero();
        bucket.take(now);
        naive.take();
      }
      assertThat(bucket.tokens(now, Duration.ZERO)).isEqualTo(naive.tokens());
    }
  }

  @Property
  void untilToken_whenEmpty_isTheFirstMicrosecondAtWhichThereIsOne(
      @ForAll("rates") RateLimit any, @ForAll @LongRange(min = 0, max = 1_000_000_000) long later) {
    RateLimit rate = new RateLimit(any.attempts() % 1_000 + 1, any.per());
    TokenBucket bucket = new TokenBucket(rate, NOW);
    for (int i = 0; i < rate.attempts(); i++) {
      bucket.take(NOW);
    }
    Instant now = NOW.plus(later, ChronoUnit.MICROS);
    while (bucket.tokens(now, Duration.ZERO) > 0) {
      bucket.take(now);
    }

    Duration wait = bucket.untilToken(now);
    assertThat(wait).isPositive();
    assertThat(bucket.tokens(now, wait)).isEqualTo(1);
    assertThat(bucket.tokens(now, wait.minus(1, ChronoUnit.MICROS))).isZero();
    Duration full = bucket.untilFull(now);
    assertThat(bucket.tokens(now, full)).isEqualTo(rate.attempts());
    assertThat(bucket.tokens(now, full.minus(1, ChronoUnit.MICROS))).isLessThan(rate.attempts());
  }

  @Property
  void change_toAnyRate_neverBringsTokens(
      @ForAll("rates") RateLimit rate,
      @ForAll("rates") RateLimit other,
      @ForAll @LongRange(min = 0, max = 1_000) long taken) {
    TokenBucket bucket = new TokenBucket(rate, NOW);
    for (long i = 0; i < Math.min(taken, rate.attempts()); i++) {
      bucket.take(NOW);
    }
    int before = bucket.tokens(NOW, Duration.ZERO);

    bucket.change(other, NOW);

    assertThat(bucket.tokens(NOW, Duration.ZERO)).isEqualTo(Math.min(before, other.attempts()));
  }

  @Property
  void clock_thatIsSetBack_bringsNoTokensAndStopsNone(
      @ForAll("rates") RateLimit rate, @ForAll @LongRange(min = 1, max = 1_000_000) long seconds) {
    TokenBucket bucket = new TokenBucket(new RateLimit(1, rate.per()), NOW);
    bucket.take(NOW);
    Instant back = NOW.minusSeconds(seconds);

    assertThat(bucket.tokens(back, Duration.ZERO)).isZero();
    assertThat(bucket.tokens(back.plus(rate.per()), Duration.ZERO)).isEqualTo(1);
  }
}
