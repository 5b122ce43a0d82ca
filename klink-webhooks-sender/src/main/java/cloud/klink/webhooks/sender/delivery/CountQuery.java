package cloud.klink.webhooks.sender.delivery;

import cloud.klink.webhooks.event.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Which deliveries to count, by when they were published. Times are cut to microseconds, as in the
 * log.
 *
 * @param environment their environment
 * @param webhookId their webhook, deleted or not; empty for all webhooks of the environment
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

  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

  /**
   * Checks the values.
   *
   * @param environment their environment
   * @param webhookId their webhook
   * @param from the time at which the first bucket begins, not before the year 1
   * @param to a later time, not after the year 9999
   * @param bucket the length of a bucket, 1 second at least; at most {@value #MAX_BUCKETS} of them
   *     make up the whole
   * @throws IllegalArgumentException if a value is out of its range
   */
  public CountQuery {
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(webhookId, "webhookId");
    if (from.isBefore(FIRST) || to.isAfter(LAST)) {
      throw new IllegalArgumentException("from and to: they must be in the years 1 to 9999");
    }
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
