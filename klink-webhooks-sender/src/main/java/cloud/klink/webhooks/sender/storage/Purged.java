package cloud.klink.webhooks.sender.storage;

import java.time.Instant;
import java.util.Objects;

/**
 * What a purge removed.
 *
 * @param deliveries how many deliveries
 * @param events how many events
 * @param eventsFrom where to go on with events
 * @param isDone whether there was nothing more to be removed
 */
public record Purged(int deliveries, int events, Instant eventsFrom, boolean isDone) {
  /**
   * Checks that nothing is missing.
   *
   * @param deliveries how many deliveries
   * @param events how many events
   * @param eventsFrom where to go on with events
   * @param isDone whether there was nothing more to be removed
   */
  public Purged {
    Objects.requireNonNull(eventsFrom, "eventsFrom");
  }
}
