package cloud.klink.webhooks.sender.storage;

import java.time.Instant;
import java.util.Objects;

/**
 * What to remove from the log, in one transaction.
 *
 * @param before deliveries that were finished before this time, with their attempts, and events
 *     that were published before it
 * @param eventsFrom events that were published before this time were looked at already
 * @param limit how many deliveries, and how many events, are looked at most
 */
public record Purge(Instant before, Instant eventsFrom, int limit) {
  /**
   * Checks the parts.
   *
   * @param before the time
   * @param eventsFrom where to go on with events
   * @param limit at least 1
   * @throws IllegalArgumentException if the limit is below 1
   */
  public Purge {
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(eventsFrom, "eventsFrom");
    if (limit < 1) {
      throw new IllegalArgumentException("limit: it must be at least 1, not " + limit);
    }
  }
}
