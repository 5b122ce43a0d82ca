package cloud.klink.webhooks.sender.storage;

import java.time.Instant;
import java.util.Objects;

/**
 * What to remove from the log, in one transaction of many. Whoever begins says {@link #before}; how
 * to go on is what {@link PurgeResult#next} tells, so that no call looks again at what others have
 * removed or kept.
 *
 * @param before deliveries that were finished before this time, with their attempts, and events
 *     that were published before it
 * @param finishedFrom deliveries that were finished before this time were looked at already
 * @param publishedFrom events that were published before this time were looked at already
 * @param limit how many deliveries, and how many events, are looked at most; and with the last of
 *     these events, others of its microsecond
 */
public record Purge(Instant before, Instant finishedFrom, Instant publishedFrom, int limit) {
  private static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");

  /**
   * Checks the parts.
   *
   * @param before the time
   * @param finishedFrom where to go on with deliveries
   * @param publishedFrom where to go on with events
   * @param limit at least 1
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
   * Begins.
   *
   * @param before what was finished or published before this time is old
   * @param limit how much is looked at in one transaction, at least 1
   * @return looks at everything that is old, the oldest first
   */
  public static Purge before(Instant before, int limit) {
    return new Purge(before, BEGINNING, BEGINNING, limit);
  }

  /**
   * Goes on with deliveries.
   *
   * @param finished deliveries that were finished before this time were looked at
   * @return the rest
   */
  public Purge fromFinished(Instant finished) {
    return new Purge(before, finished, publishedFrom, limit);
  }

  /**
   * Goes on with events, when there are no more deliveries.
   *
   * @param published events that were published before this time were looked at
   * @return the rest
   */
  public Purge fromPublished(Instant published) {
    return new Purge(before, before, published, limit);
  }
}
