package cloud.klink.webhooks.sender.policy;

import cloud.klink.webhooks.sender.delivery.Attempt;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Decides when to retry after a failure. A pure function: it is called more than once for the same
 * failure, by many threads, and must always return the same result.
 */
@FunctionalInterface
public interface RetryPolicy {
  /** The longest delay: 30 days. */
  Duration MAX_DELAY = Duration.ofDays(30);

  /** K-LINK's policy: up to three retries, 30 s, 60 s and 90 s after the previous failure. */
  RetryPolicy DEFAULT =
      after(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(90));

  /**
   * How long to wait after a failure. If the endpoint asks for a longer delay by
   * {@code Retry-After}, that delay applies, up to {@link DeliveryPolicy#maxRetryAfter}.
   *
   * @param failed the attempt that failed: its {@linkplain Attempt#number() number} says how many
   *     attempts there were, and its {@linkplain Attempt#result() result} how it ended
   * @param age the time from publishing the event to the end of the attempt; never negative
   * @return the time from the end of the failed attempt to the beginning of the next, zero to
   *     {@link #MAX_DELAY}, to which longer ones are shortened; empty if there is no retry and the
   *     delivery has failed for good
   */
  Optional<Duration> delayAfter(Attempt failed, Duration age);

  /**
   * A fixed list of delays.
   *
   * @param delays the time before the first retry, before the second, and so on; none for a single
   *     attempt
   * @return the policy
   * @throws IllegalArgumentException if a delay is negative or longer than 30 days, or there are
   *     more than 100
   */
  static RetryPolicy after(Duration... delays) {
    return new FixedDelays(List.of(delays));
  }

  /**
   * Never retries: each delivery has one attempt.
   *
   * @return the policy
   */
  static RetryPolicy never() {
    return new FixedDelays(List.of());
  }
}
