package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.internal.Ranges;
import cloud.klink.webhooks.sender.internal.retention.Retention;
import cloud.klink.webhooks.sender.storage.Purge;
import cloud.klink.webhooks.sender.storage.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/** Removes old deliveries and events on demand. */
final class Purging {
  /** The longest age that can be asked for: 36,500 days. */
  static final Duration LONGEST_AGE = Duration.ofDays(36_500);

  private Purging() {}

  /**
   * Removes deliveries that finished longer ago than an age.
   *
   * @throws IllegalArgumentException if the age is negative, or longer than 36,500 days
   */
  static Purge olderThan(Duration age, Instant now, Storage storage, BooleanSupplier goesOn) {
    Ranges.check("age", age, Duration.ZERO, LONGEST_AGE);
    return before(storage, now.minus(age), goesOn);
  }

  /** In batches, until nothing is left or the caller stops. */
  private static Purge before(Storage storage, Instant time, BooleanSupplier goesOn) {
    Purge purge = Purge.before(time, Retention.BATCH);
    while (!purge.isDone() && goesOn.getAsBoolean()) {
      purge = storage.purge(purge);
    }
    return purge;
  }
}
