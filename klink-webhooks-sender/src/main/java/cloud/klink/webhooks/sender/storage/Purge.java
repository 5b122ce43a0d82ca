package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.internal.Ranges;
import java.time.Instant;
import java.util.Objects;

/**
 * The progress of removing old deliveries and events, which takes many transactions: what counts as
 * old, where to continue, and how much has been removed. Immutable. Each transaction returns the
 * next value, so that no call examines again what earlier ones have removed or kept.
 *
 * @param before deliveries that were finished before this time, with their attempts, and events
 *     that were published before it, are old
 * @param limit how many deliveries, and how many events, one transaction examines; events of the
 *     same microsecond as the last one are included
 * @param finishedFrom deliveries that were finished before this time have been examined
 * @param publishedFrom events that were published before this time have been examined
 * @param deliveries how many deliveries have been removed, with their attempts
 * @param events how many events have been removed
 * @param isDone whether everything old has been examined; false if there is more, for example
 *     because the sender was stopped
 */
public record Purge(
    Instant before,
    int limit,
    Instant finishedFrom,
    Instant publishedFrom,
    long deliveries,
    long events,
    boolean isDone) {
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

  /**
   * Checks the parts.
   *
   * @param before the time
   * @param limit at least 1
   * @param finishedFrom where to continue with deliveries
   * @param publishedFrom where to continue with events
   * @param deliveries how many deliveries were removed
   * @param events how many events were removed
   * @param isDone whether everything old has been examined
   * @throws IllegalArgumentException if the limit is below 1
   */
  public Purge {
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(finishedFrom, "finishedFrom");
    Objects.requireNonNull(publishedFrom, "publishedFrom");
    Ranges.checkAtLeast("limit", limit, 1);
  }

  /**
   * A purge that has not begun.
   *
   * @param before what was finished or published before this time is old
   * @param limit how much one transaction examines, at least 1
   * @return a value that covers everything old, the oldest first
   * @throws IllegalArgumentException if the limit is below 1
   */
  public static Purge before(Instant before, int limit) {
    return new Purge(before, limit, EARLIEST, EARLIEST, 0, 0, false);
  }

  /**
   * A copy that counts what a transaction removed.
   *
   * @param moreDeliveries how many deliveries it removed
   * @param moreEvents how many events it removed
   * @return a copy with these added
   */
  public Purge removed(long moreDeliveries, long moreEvents) {
    return new Purge(
        before,
        limit,
        finishedFrom,
        publishedFrom,
        deliveries + moreDeliveries,
        events + moreEvents,
        isDone);
  }

  /**
   * Continues with deliveries.
   *
   * @param finished deliveries that were finished before this time have been examined
   * @return the purge that continues there
   */
  public Purge fromFinished(Instant finished) {
    return new Purge(before, limit, finished, publishedFrom, deliveries, events, false);
  }

  /**
   * Continues with events, once there are no more deliveries.
   *
   * @param published events that were published before this time have been examined
   * @return the purge that continues there
   */
  public Purge fromPublished(Instant published) {
    return new Purge(before, limit, before, published, deliveries, events, false);
  }

  /**
   * A copy that is done: everything old has been examined.
   *
   * @return the last value
   */
  public Purge done() {
    return new Purge(before, limit, before, before, deliveries, events, true);
  }
}
