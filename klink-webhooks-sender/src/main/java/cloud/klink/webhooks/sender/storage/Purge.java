package cloud.klink.webhooks.sender.storage;

import java.time.Instant;
import java.util.Objects;

/**
 * Removes what is old from the log, in one transaction of many: what is old, how far it has come,
 * and what it has removed. Immutable; each transaction returns the next one, so that no call looks
 * again at what others have removed or kept.
 *
 * @param before deliveries that were finished before this time, with their attempts, and events
 *     that were published before it, are old
 * @param limit how many deliveries, and how many events, one transaction looks at; and with the
 *     last of these events, others of its microsecond
 * @param finishedFrom deliveries that were finished before this time were looked at already
 * @param publishedFrom events that were published before this time were looked at already
 * @param deliveries how many deliveries were removed so far, with their attempts
 * @param events how many events were removed so far
 * @param isDone whether all that is old was looked at; false if there is more, as when the sender
 *     was stopped meanwhile
 */
public record Purge(
    Instant before,
    int limit,
    Instant finishedFrom,
    Instant publishedFrom,
    long deliveries,
    long events,
    boolean isDone) {
  private static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");

  /**
   * Checks the parts.
   *
   * @param before the time
   * @param limit at least 1
   * @param finishedFrom where to go on with deliveries
   * @param publishedFrom where to go on with events
   * @param deliveries how many deliveries were removed
   * @param events how many events were removed
   * @param isDone whether all was looked at
   * @throws IllegalArgumentException if the limit is below 1
   */
  public Purge {
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(finishedFrom, "finishedFrom");
    Objects.requireNonNull(publishedFrom, "publishedFrom");
    if (limit < 1) {
      throw new IllegalArgumentException("limit: it must be at least 1, not " + limit);
    }
  }

  /**
   * A purge that has not begun.
   *
   * @param before what was finished or published before this time is old
   * @param limit how much one transaction looks at, at least 1
   * @return looks at everything that is old, the oldest first
   * @throws IllegalArgumentException if the limit is below 1
   */
  public static Purge before(Instant before, int limit) {
    return new Purge(before, limit, BEGINNING, BEGINNING, 0, 0, false);
  }

  /**
   * The same after a transaction removed something.
   *
   * @param moreDeliveries how many deliveries it removed
   * @param moreEvents how many events it removed
   * @return the same with these added
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
   * Goes on with deliveries.
   *
   * @param finished deliveries that were finished before this time were looked at
   * @return the rest
   */
  public Purge fromFinished(Instant finished) {
    return new Purge(before, limit, finished, publishedFrom, deliveries, events, false);
  }

  /**
   * Goes on with events, when there are no more deliveries.
   *
   * @param published events that were published before this time were looked at
   * @return the rest
   */
  public Purge fromPublished(Instant published) {
    return new Purge(before, limit, before, published, deliveries, events, false);
  }

  /**
   * All that is old was looked at.
   *
   * @return the end
   */
  public Purge done() {
    return new Purge(before, limit, before, before, deliveries, events, true);
  }
}
