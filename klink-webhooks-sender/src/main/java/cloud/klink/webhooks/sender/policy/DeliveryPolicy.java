package cloud.klink.webhooks.sender.policy;

import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How deliveries of a webhook are treated. The defaults are the product's; what the product does
 * not know is off by default. Immutable.
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
   * The product's: 10 s, {@link RetryPolicy#DEFAULT}, {@link PausePolicy#DEFAULT}, 10 attempts at
   * the same time, and nothing else.
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
   * Starts a policy that is as this one.
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
   * @return the timeout
   */
  public Duration timeout() {
    return timeout;
  }

  /**
   * When a failure is repeated.
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
   * How many attempts one node makes at the same time for one webhook at most; fewer where its
   * places are taken, see {@code WebhookSenderBuilder.maxConcurrentAttempts}.
   *
   * @return 1 to {@value #MAX_CONCURRENT}
   */
  public int maxConcurrent() {
    return maxConcurrent;
  }

  /**
   * By which part of itself a retry's delay is made longer or shorter at random, so that deliveries
   * which failed together do not come again together.
   *
   * @return 0 to 1; 0 for none
   */
  public double jitter() {
    return jitter;
  }

  /**
   * How long a retry is put off at most because the endpoint asked for it ({@code Retry-After}, RFC
   * 9110, section 10.2.3). A retry never comes sooner than the retry policy says, and there are no
   * more retries for it.
   *
   * @return the limit; zero to take no notice
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
   * How many attempts one node begins for one webhook within {@link #ratePeriod}.
   *
   * @return 1 to {@value #MAX_RATE_LIMIT}, or empty for no limit
   */
  public OptionalInt rateLimit() {
    return rateLimit == 0 ? OptionalInt.empty() : OptionalInt.of(rateLimit);
  }

  /**
   * The time that {@link #rateLimit} is about.
   *
   * @return 1 millisecond to 1 day; without a meaning if there is no limit
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
        + (rateLimit == 0 ? "unlimited" : rateLimit + " in " + Times.text(ratePeriod)) + "]";
  }

  /** Collects a policy; each setting has a default. Not for use by several threads. */
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
     * When a failure is repeated.
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
     * How many attempts one node makes at the same time for one webhook at most; fewer where its
     * places are taken, see {@code WebhookSenderBuilder.maxConcurrentAttempts}.
     *
     * @param maxConcurrent 1 to {@value #MAX_CONCURRENT}; 10 unless this is called
     * @return this builder
     */
    public Builder maxConcurrent(int maxConcurrent) {
      this.maxConcurrent = maxConcurrent;
      return this;
    }

    /**
     * By which part of itself a retry's delay is made longer or shorter at random, so that
     * deliveries which failed together do not come again together.
     *
     * @param jitter 0 to 1; 0, which is none, unless this is called
     * @return this builder
     */
    public Builder jitter(double jitter) {
      this.jitter = jitter;
      return this;
    }

    /**
     * How long a retry is put off at most because the endpoint asked for it ({@code Retry-After},
     * RFC 9110, section 10.2.3). A retry never comes sooner than the retry policy says, and there
     * are no more retries for it.
     *
     * @param maxRetryAfter zero to {@link #MAX_RETRY_AFTER}; zero, which is to take no notice,
     *     unless this is called
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
     * Limits how many attempts one node begins for one webhook within a time; there is no limit
     * unless this is called. It is a bucket of tokens, full at first, that is refilled evenly: so
     * at most twice as many within one such time, if it was full. What has no token waits; no
     * attempt and no retry is used up by that. Of a limit that was changed, the node on which the
     * webhook was edited knows at once, the others with the next delivery or within half a minute;
     * a change brings no tokens.
     *
     * @param attempts how many tokens the bucket holds, 1 to {@value #MAX_RATE_LIMIT}
     * @param period in which time an empty bucket gets full, 1 millisecond to 1 day
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
      if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
        throw new IllegalArgumentException(
            "timeout: it must be from 1 millisecond to " + MAX_TIMEOUT + ", not " + timeout);
      }
      if (maxConcurrent < 1 || maxConcurrent > MAX_CONCURRENT) {
        throw new IllegalArgumentException(
            "maxConcurrent: it must be from 1 to " + MAX_CONCURRENT + ", not " + maxConcurrent);
      }
      if (!(jitter >= 0 && jitter <= 1)) {
        throw new IllegalArgumentException("jitter: it must be from 0 to 1, not " + jitter);
      }
      if (maxRetryAfter.isNegative() || maxRetryAfter.compareTo(MAX_RETRY_AFTER) > 0) {
        throw new IllegalArgumentException(
            "maxRetryAfter: it must be from zero to " + MAX_RETRY_AFTER + ", not " + maxRetryAfter);
      }
      if (isRateLimited && (rateLimit < 1 || rateLimit > MAX_RATE_LIMIT)) {
        throw new IllegalArgumentException(
            "rateLimit: attempts must be from 1 to " + MAX_RATE_LIMIT + ", not " + rateLimit);
      }
      if (ratePeriod.compareTo(Duration.ofMillis(1)) < 0
          || ratePeriod.compareTo(Duration.ofDays(1)) > 0) {
        throw new IllegalArgumentException(
            "rateLimit: the period must be from 1 millisecond to 1 day, not " + ratePeriod);
      }
      return new DeliveryPolicy(this);
    }
  }
}
