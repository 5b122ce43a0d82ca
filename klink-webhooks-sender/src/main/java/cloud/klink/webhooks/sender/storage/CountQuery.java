package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.event.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Which deliveries to count, by when they were published.
 *
 * @param environment their environment
 * @param webhookId their webhook, deleted or not; empty for all of the environment together
 * @param from the time at which the first bucket begins
 * @param to the time before which they were published
 * @param bucket the length of a bucket
 */
public record CountQuery(
    Environment environment,
    Optional<String> webhookId,
    Instant from,
    Instant to,
    Duration bucket) {
  /** How many buckets there are at most. */
  public static final int MAX_BUCKETS = 1_000;

  /**
   * Checks the parts.
   *
   * @param environment their environment
   * @param webhookId their webhook
   * @param from the time at which the first bucket begins
   * @param to a later time
   * @param bucket the length of a bucket, 1 second at least; at most {@value #MAX_BUCKETS} of them
   *     make up the whole
   * @throws IllegalArgumentException if a value is out of its range
   */
  public CountQuery {
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(webhookId, "webhookId");
    if (!to.isAfter(from)) {
      throw new IllegalArgumentException("to: it must be after from");
    }
    if (bucket.compareTo(Duration.ofSeconds(1)) < 0
        || Duration.between(from, to).dividedBy(MAX_BUCKETS).compareTo(bucket) > 0) {
      throw new IllegalArgumentException(
          "bucket: it must be of 1 second at least, and so long that " + MAX_BUCKETS
              + " reach from one end to the other");
    }
  }
}
