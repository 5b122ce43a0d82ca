package cloud.klink.webhooks.sender.policy;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.internal.Ranges;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How deliveries of a webhook are made. The defaults are those of K-LINK; a feature that K-LINK
 * does not have is off by default. Immutable.
 */
public final class DeliveryPolicy {
  /** The longest timeout. */
  public static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

  /** The largest {@link #maxConcurrent}. */
  public static final int MAX_CONCURRENT = 1_000;

  /** The largest {@link #rateLimit}. */
  public static final int MAX_RATE_LIMIT = 1_000_000;

  /** The longest {@link #maxRetryAfter}. */
  public static final Duration MAX_RETRY_AFTER = Duration.ofDays(1);

  /**
   * K-LINK's policy: a timeout of 10 s, {@link RetryPolicy#DEFAULT}, {@link PausePolicy#DEFAULT},
   * 10 attempts at the same time, and no other limits.
   */
  public static final DeliveryPolicy DEFAULT = builder().build();

  private final Duration timeout;
  private final RetryPolicy retries;
  private final PausePolicy pausing;
  private final int maxConcurrent;
  private final double jitter;
  private final Duration maxRetryAfter;
  private final boolean pausesWhenGone;
  private final int rateLimit;
  private final Duration ratePeriod;

  private DeliveryPolicy(Builder builder) {
    this.timeout = builder.timeout;
    this.retries = builder.retries;
    this.pausing = builder.pausing;
    this.maxConcurrent = builder.maxConcurrent;
    this.jitter = builder.jitter;
    this.maxRetryAfter = builder.maxRetryAfter;
    this.pausesWhenGone = builder.pausesWhenGone;
    this.rateLimit = builder.rateLimit;
    this.ratePeriod = builder.ratePeriod;
  }

  /**
   * Starts a policy with the defaults.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts a policy with the values of this one.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.timeout = timeout;
    builder.retries = retries;
    builder.pausing = pausing;
    builder.maxConcurrent = maxConcurrent;
    builder.jitter = jitter;
    builder.maxRetryAfter = maxRetryAfter;
    builder.pausesWhenGone = pausesWhenGone;
    builder.rateLimit = rateLimit;
    builder.isRateLimited = rateLimit > 0;
    builder.ratePeriod = ratePeriod;
    return builder;
  }

  /**
   * How long a whole exchange may take, from looking up the name to the last byte.
   *
   * @return 1 millisecond to {@link #MAX_TIMEOUT}
   */
  public Duration timeout() {
    return timeout;
  }

  /**
   * When a failed attempt is retried.
   *
   * @return the policy
   */
  public RetryPolicy retries() {
    return retries;
  }

  /**
   * When failures pause the webhook.
   *
   * @return the policy
   */
  public PausePolicy pausing() {
    return pausing;
  }

  /**
   * The most attempts that one node makes at the same time for one webhook. It makes fewer while
   * other webhooks use its slots, see {@code WebhookSenderBuilder.maxConcurrentAttempts}.
   *
   * @return 1 to {@value #MAX_CONCURRENT}
   */
  public int maxConcurrent() {
    return maxConcurrent;
  }

  /**
   * The fraction by which a retry's delay is lengthened or shortened at random, so that deliveries
   * that failed together are not retried together.
   *
   * @return 0 to 1; 0 for none
   */
  public double jitter() {
    return jitter;
  }

  /**
   * The longest delay that an endpoint can ask for by {@code Retry-After} (RFC 9110, section
   * 10.2.3). A retry never comes sooner than the retry policy says, and {@code Retry-After} adds no
   * retries.
   *
   * @return zero to {@link #MAX_RETRY_AFTER}; zero to ignore the header
   */
  public Duration maxRetryAfter() {
    return maxRetryAfter;
  }

  /**
   * Whether an answer of 410 Gone pauses the webhook.
   *
   * @return true if it does
   */
  public boolean pausesWhenGone() {
    return pausesWhenGone;
  }

  /**
   * The most attempts that one node begins for one webhook within {@link #ratePeriod}.
   *
   * @return 1 to {@value #MAX_RATE_LIMIT}, or empty for no limit
   */
  public OptionalInt rateLimit() {
    return rateLimit == 0 ? OptionalInt.empty() : OptionalInt.of(rateLimit);
  }

  /**
   * The period of {@link #rateLimit}.
   *
   * @return 1 millisecond to 1 day; meaningless if there is no limit
   */
  public Duration ratePeriod() {
    return ratePeriod;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DeliveryPolicy policy
        && timeout.equals(policy.timeout)
        && retries.equals(policy.retries)
        && pausing.equals(policy.pausing)
        && maxConcurrent == policy.maxConcurrent
        && Double.compare(jitter, policy.jitter) == 0
        && maxRetryAfter.equals(policy.maxRetryAfter)
        && pausesWhenGone == policy.pausesWhenGone
        && rateLimit == policy.rateLimit
        && ratePeriod.equals(policy.ratePeriod);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        timeout,
        retries,
        pausing,
        maxConcurrent,
        jitter,
        maxRetryAfter,
        pausesWhenGone,
        rateLimit,
        ratePeriod);
  }

  @Override
  public String toString() {
    return "DeliveryPolicy[timeout=" + timeout + ", retries=" + retries + ", pausing=" + pausing
        + ", maxConcurrent=" + maxConcurrent + ", jitter=" + jitter + ", maxRetryAfter="
        + maxRetryAfter + ", pausesWhenGone=" + pausesWhenGone + ", rate="
        + (rateLimit == 0 ? "unlimited" : rateLimit + " in " + Durations.format(ratePeriod)) + "]";
  }

  /** Builds a policy; each setting has a default. Not safe for use by several threads at once. */
  public static final class Builder {
    private Duration timeout = Duration.ofSeconds(10);
    private RetryPolicy retries = RetryPolicy.DEFAULT;
    private PausePolicy pausing = PausePolicy.DEFAULT;
    private int maxConcurrent = 10;
    private double jitter;
    private Duration maxRetryAfter = Duration.ZERO;
    private boolean pausesWhenGone;
    private int rateLimit;
    private boolean isRateLimited;
    private Duration ratePeriod = Duration.ofSeconds(1);

    private Builder() {}

    /**
     * How long a whole exchange may take, from looking up the name to the last byte.
     *
     * @param timeout 1 millisecond to {@link #MAX_TIMEOUT}; 10 seconds unless this is called
     * @return this builder
     */
    public Builder timeout(Duration timeout) {
      this.timeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * When a failed attempt is retried.
     *
     * @param retries the policy; {@link RetryPolicy#DEFAULT} unless this is called
     * @return this builder
     */
    public Builder retries(RetryPolicy retries) {
      this.retries = Objects.requireNonNull(retries, "retries");
      return this;
    }

    /**
     * When failures pause the webhook.
     *
     * @param pausing the policy; {@link PausePolicy#DEFAULT} unless this is called
     * @return this builder
     */
    public Builder pausing(PausePolicy pausing) {
      this.pausing = Objects.requireNonNull(pausing, "pausing");
      return this;
    }

    /**
     * The most attempts that one node makes at the same time for one webhook. It makes fewer while
     * other webhooks use its slots, see {@code WebhookSenderBuilder.maxConcurrentAttempts}.
     *
     * @param maxConcurrent 1 to {@value #MAX_CONCURRENT}; 10 unless this is called
     * @return this builder
     */
    public Builder maxConcurrent(int maxConcurrent) {
      this.maxConcurrent = maxConcurrent;
      return this;
    }

    /**
     * The fraction by which a retry's delay is lengthened or shortened at random, so that
     * deliveries that failed together are not retried together.
     *
     * @param jitter 0 to 1; 0 (no jitter) unless this is called
     * @return this builder
     */
    public Builder jitter(double jitter) {
      this.jitter = jitter;
      return this;
    }

    /**
     * The longest delay that an endpoint can ask for by {@code Retry-After} (RFC 9110, section
     * 10.2.3). A retry never comes sooner than the retry policy says, and {@code Retry-After} adds
     * no retries.
     *
     * @param maxRetryAfter zero to {@link #MAX_RETRY_AFTER}; zero (the header is ignored) unless
     *     this is called
     * @return this builder
     */
    public Builder maxRetryAfter(Duration maxRetryAfter) {
      this.maxRetryAfter = Objects.requireNonNull(maxRetryAfter, "maxRetryAfter");
      return this;
    }

    /**
     * Whether an answer of 410 Gone pauses the webhook.
     *
     * @param pausesWhenGone false unless this is called
     * @return this builder
     */
    public Builder pausesWhenGone(boolean pausesWhenGone) {
      this.pausesWhenGone = pausesWhenGone;
      return this;
    }

    /**
     * Limits how many attempts one node begins for one webhook within a period. There is no limit
     * unless this is called. The limit is a token bucket that starts full and is refilled evenly,
     * so within one period there may be up to twice as many attempts if the bucket was full. A
     * delivery without a token waits, which uses up neither an attempt nor a retry. A changed limit
     * takes effect at once on the node on which the webhook was edited, and on the others with the
     * next delivery or within half a minute. A change adds no tokens.
     *
     * @param attempts how many tokens the bucket holds, 1 to {@value #MAX_RATE_LIMIT}
     * @param period how long it takes to fill an empty bucket, 1 millisecond to 1 day
     * @return this builder
     */
    public Builder rateLimit(int attempts, Duration period) {
      this.rateLimit = attempts;
      this.ratePeriod = Objects.requireNonNull(period, "period");
      this.isRateLimited = true;
      return this;
    }

    /**
     * Builds the policy.
     *
     * @return the policy
     * @throws IllegalArgumentException if a value is out of its range
     */
    public DeliveryPolicy build() {
      Ranges.check("timeout", timeout, Duration.ofMillis(1), MAX_TIMEOUT);
      Ranges.check("maxConcurrent", maxConcurrent, 1, MAX_CONCURRENT);
      Ranges.checkFraction("jitter", jitter);
      Ranges.check("maxRetryAfter", maxRetryAfter, Duration.ZERO, MAX_RETRY_AFTER);
      if (isRateLimited) {
        Ranges.check("rateLimit.attempts", rateLimit, 1, MAX_RATE_LIMIT);
        Ranges.check("rateLimit.period", ratePeriod, Duration.ofMillis(1), Duration.ofDays(1));
      }
      return new DeliveryPolicy(this);
    }
  }
}
