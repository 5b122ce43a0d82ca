package cloud.klink.webhooks.sender.policy;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How deliveries of a webhook are treated. The defaults are the product's; what the product does
 * not know is off by default.
 *
 * @param timeout how long a whole exchange may take, from looking up the name to the last byte
 * @param retries when a failure is repeated
 * @param pausing when failures pause the webhook
 * @param maxConcurrent how many attempts one node makes at the same time for one webhook at most;
 *     fewer where its places are taken, see {@code WebhookSenderBuilder.maxConcurrentAttempts}
 * @param jitter by which part of itself a retry's delay is made longer or shorter at random, so
 *     that deliveries which failed together do not come again together; 0 for none
 * @param maxRetryAfter how long a retry is put off at most because the endpoint asked for it
 *     ({@code Retry-After}, RFC 9110, section 10.2.3); zero to take no notice. A retry never comes
 *     sooner than the retry policy says, and there are no more retries for it
 * @param pausesWhenGone whether an answer of 410 Gone pauses the webhook
 * @param rate how many attempts one node begins for one webhook within a time; empty for no limit
 */
public record DeliveryPolicy(
    Duration timeout,
    RetryPolicy retries,
    PausePolicy pausing,
    int maxConcurrent,
    double jitter,
    Duration maxRetryAfter,
    boolean pausesWhenGone,
    Optional<RateLimit> rate) {
  /** The longest timeout. */
  public static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

  /** The largest {@link #maxConcurrent}. */
  public static final int MAX_CONCURRENT = 1_000;

  /** The longest {@link #maxRetryAfter}. */
  public static final Duration MAX_RETRY_AFTER = Duration.ofDays(1);

  /**
   * The product's: 10 s, {@link RetryPolicy#DEFAULT}, {@link PausePolicy#DEFAULT}, 10 attempts at
   * the same time, and nothing else.
   */
  public static final DeliveryPolicy DEFAULT = new DeliveryPolicy(
      Duration.ofSeconds(10),
      RetryPolicy.DEFAULT,
      PausePolicy.DEFAULT,
      10,
      0,
      Duration.ZERO,
      false,
      Optional.empty());

  /**
   * Checks the ranges.
   *
   * @param timeout 1 millisecond to {@link #MAX_TIMEOUT}
   * @param retries when a failure is repeated
   * @param pausing when failures pause the webhook
   * @param maxConcurrent 1 to {@value #MAX_CONCURRENT}
   * @param jitter 0 to 1
   * @param maxRetryAfter zero to {@link #MAX_RETRY_AFTER}
   * @param pausesWhenGone whether 410 pauses the webhook
   * @param rate how many attempts are begun within a time
   * @throws IllegalArgumentException if a value is out of its range
   */
  public DeliveryPolicy {
    Objects.requireNonNull(retries, "retries");
    Objects.requireNonNull(pausing, "pausing");
    Objects.requireNonNull(rate, "rate");
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
  }

  /**
   * The same with another timeout.
   *
   * @param timeout 1 millisecond to {@link #MAX_TIMEOUT}
   * @return the policy
   */
  public DeliveryPolicy withTimeout(Duration timeout) {
    return new DeliveryPolicy(
        timeout, retries, pausing, maxConcurrent, jitter, maxRetryAfter, pausesWhenGone, rate);
  }

  /**
   * The same with other retries.
   *
   * @param retries when a failure is repeated
   * @return the policy
   */
  public DeliveryPolicy withRetries(RetryPolicy retries) {
    return new DeliveryPolicy(
        timeout, retries, pausing, maxConcurrent, jitter, maxRetryAfter, pausesWhenGone, rate);
  }

  /**
   * The same with another way of pausing.
   *
   * @param pausing when failures pause the webhook
   * @return the policy
   */
  public DeliveryPolicy withPausing(PausePolicy pausing) {
    return new DeliveryPolicy(
        timeout, retries, pausing, maxConcurrent, jitter, maxRetryAfter, pausesWhenGone, rate);
  }

  /**
   * The same with another limit.
   *
   * @param maxConcurrent 1 to {@value #MAX_CONCURRENT}
   * @return the policy
   */
  public DeliveryPolicy withMaxConcurrent(int maxConcurrent) {
    return new DeliveryPolicy(
        timeout, retries, pausing, maxConcurrent, jitter, maxRetryAfter, pausesWhenGone, rate);
  }

  /**
   * The same with delays that differ at random.
   *
   * @param jitter 0 to 1
   * @return the policy
   */
  public DeliveryPolicy withJitter(double jitter) {
    return new DeliveryPolicy(
        timeout, retries, pausing, maxConcurrent, jitter, maxRetryAfter, pausesWhenGone, rate);
  }

  /**
   * The same, honouring {@code Retry-After} so far.
   *
   * @param maxRetryAfter zero to {@link #MAX_RETRY_AFTER}
   * @return the policy
   */
  public DeliveryPolicy withMaxRetryAfter(Duration maxRetryAfter) {
    return new DeliveryPolicy(
        timeout, retries, pausing, maxConcurrent, jitter, maxRetryAfter, pausesWhenGone, rate);
  }

  /**
   * The same, with or without pausing at 410 Gone.
   *
   * @param pausesWhenGone whether 410 pauses the webhook
   * @return the policy
   */
  public DeliveryPolicy withPausesWhenGone(boolean pausesWhenGone) {
    return new DeliveryPolicy(
        timeout, retries, pausing, maxConcurrent, jitter, maxRetryAfter, pausesWhenGone, rate);
  }

  /**
   * The same with a rate.
   *
   * @param rate how many attempts are begun within a time
   * @return the policy
   */
  public DeliveryPolicy withRate(RateLimit rate) {
    return new DeliveryPolicy(
        timeout,
        retries,
        pausing,
        maxConcurrent,
        jitter,
        maxRetryAfter,
        pausesWhenGone,
        Optional.of(rate));
  }
}
