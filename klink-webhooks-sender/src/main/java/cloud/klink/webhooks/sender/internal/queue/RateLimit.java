package cloud.klink.webhooks.sender.internal.queue;

import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import java.time.Duration;
import java.util.Optional;

/**
 * The most attempts that one node begins for one webhook within a period.
 *
 * @param attempts the capacity of the bucket, in tokens
 * @param per the time in which an empty bucket fills
 */
record RateLimit(int attempts, Duration per) {
  /** The limit of a policy, if it has one. */
  static Optional<RateLimit> of(DeliveryPolicy policy) {
    return policy.rateLimit().isPresent()
        ? Optional.of(new RateLimit(policy.rateLimit().getAsInt(), policy.ratePeriod()))
        : Optional.empty();
  }
}
