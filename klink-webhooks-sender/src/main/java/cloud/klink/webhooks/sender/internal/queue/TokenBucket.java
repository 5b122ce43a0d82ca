package cloud.klink.webhooks.sender.internal.queue;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The tokens of a {@link RateLimit}, counted in whole parts, so that rounding never lets an attempt
 * begin too early. Each microsecond adds as many parts as the limit has attempts, and a token has
 * as many parts as the period has microseconds. Used by {@link WebhookQueue} only.
 */
final class TokenBucket {
  private RateLimit rate;

  /** The parts of a token: at most 8.64e10, so that a million of them fit. */
  private long token;

  private long level;
  private Instant filledAt;

  /** A full bucket. */
  TokenBucket(RateLimit rate, Instant now) {
    this.rate = rate;
    this.token = token(rate);
    this.level = capacity();
    this.filledAt = now;
  }

  private static long token(RateLimit rate) {
    return Math.floorDiv(rate.per().toNanos() + 999, 1_000L);
  }

  private long capacity() {
    return rate.attempts() * token;
  }

  /** Changes the limit. Whole tokens are kept, as far as they fit. */
  void change(RateLimit newRate, Instant now) {
    if (!newRate.equals(rate)) {
      long tokens = tokens(now, Duration.ZERO);
      rate = newRate;
      token = token(newRate);
      level = Math.min(tokens, newRate.attempts()) * token;
    }
  }

  private void fill(Instant now) {
    level = level(ChronoUnit.MICROS.between(filledAt, now));
    filledAt = now;
  }

  /** The level after a time. A clock that is set back adds nothing. */
  private long level(long micros) {
    long filling = Math.min(Math.max(0, micros), token);
    return Math.min(capacity(), level + filling * rate.attempts());
  }

  /** The number of tokens after a time, of which at most {@link #token} microseconds count. */
  int tokens(Instant now, Duration ahead) {
    fill(now);
    return (int) (level(ahead.toNanos() / 1_000) / token);
  }

  /** Takes a token, which must be available. */
  void take(Instant now) {
    fill(now);
    level -= token;
  }

  /** The time until a token is available; zero if one is. */
  Duration untilToken(Instant now) {
    return until(token, now);
  }

  Duration untilFull(Instant now) {
    return until(capacity(), now);
  }

  private Duration until(long wanted, Instant now) {
    fill(now);
    long missing = Math.max(0, wanted - level);
    return Duration.of((missing + rate.attempts() - 1) / rate.attempts(), ChronoUnit.MICROS);
  }
}
