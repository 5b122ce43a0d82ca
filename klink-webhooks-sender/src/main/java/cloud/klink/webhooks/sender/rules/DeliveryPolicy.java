package cloud.klink.webhooks.sender.rules;

import java.time.Duration;
import java.util.Objects;

/**
 * How deliveries of a webhook are treated. The defaults are the product's.
 *
 * @param timeout how long a whole exchange may take, from looking up the name to the last byte
 * @param retries when a failure is repeated
 * @param pausing when failures pause the webhook
 * @param maxConcurrent how many attempts one node makes at the same time for one webhook
 */
public record DeliveryPolicy(
    Duration timeout, RetryPolicy retries, PausePolicy pausing, int maxConcurrent) {
  /** The longest timeout. */
  public static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

  /** The largest {@link #maxConcurrent}. */
  public static final int MAX_CONCURRENT = 1_000;

  /**
   * The product's: 10 s, {@link RetryPolicy#DEFAULT}, {@link PausePolicy#DEFAULT}, and 10 attempts
   * at the same time.
   */
  public static final DeliveryPolicy DEFAULT =
      new DeliveryPolicy(Duration.ofSeconds(10), RetryPolicy.DEFAULT, PausePolicy.DEFAULT, 10);

  /**
   * Checks the ranges.
   *
   * @param timeout 1 millisecond to {@link #MAX_TIMEOUT}
   * @param retries when a failure is repeated
   * @param pausing when failures pause the webhook
   * @param maxConcurrent 1 to {@value #MAX_CONCURRENT}
   * @throws IllegalArgumentException if a value is out of its range
   */
  public DeliveryPolicy {
    Objects.requireNonNull(retries, "retries");
    Objects.requireNonNull(pausing, "pausing");
    if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          "timeout: it must be from 1 millisecond to " + MAX_TIMEOUT + ", not " + timeout);
    }
    if (maxConcurrent < 1 || maxConcurrent > MAX_CONCURRENT) {
      throw new IllegalArgumentException(
          "maxConcurrent: it must be from 1 to " + MAX_CONCURRENT + ", not " + maxConcurrent);
    }
  }

  /**
   * The same with another timeout.
   *
   * @param timeout 1 millisecond to {@link #MAX_TIMEOUT}
   * @return the policy
   */
  public DeliveryPolicy withTimeout(Duration timeout) {
    return new DeliveryPolicy(timeout, retries, pausing, maxConcurrent);
  }

  /**
   * The same with other retries.
   *
   * @param retries when a failure is repeated
   * @return the policy
   */
  public DeliveryPolicy withRetries(RetryPolicy retries) {
    return new DeliveryPolicy(timeout, retries, pausing, maxConcurrent);
  }

  /**
   * The same with another way of pausing.
   *
   * @param pausing when failures pause the webhook
   * @return the policy
   */
  public DeliveryPolicy withPausing(PausePolicy pausing) {
    return new DeliveryPolicy(timeout, retries, pausing, maxConcurrent);
  }

  /**
   * The same with another limit.
   *
   * @param maxConcurrent 1 to {@value #MAX_CONCURRENT}
   * @return the policy
   */
  public DeliveryPolicy withMaxConcurrent(int maxConcurrent) {
    return new DeliveryPolicy(timeout, retries, pausing, maxConcurrent);
  }
}
