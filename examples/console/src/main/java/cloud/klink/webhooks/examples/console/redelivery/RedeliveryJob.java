package cloud.klink.webhooks.examples.console.redelivery;

import java.time.Instant;
import java.util.Locale;

/**
 * A redelivery of what a filter shows.
 *
 * @param id its id
 * @param filter the filter, as {@code FilterText} writes it
 * @param createdAt when it was begun
 * @param updatedAt when it was looked at last
 * @param total how many were to be sent when it was begun
 * @param isMore whether there were more than were counted
 * @param rate how many are sent again in a second at most
 * @param state how far it is
 * @param place where to go on; empty at the beginning
 * @param done how many were sent again
 * @param left how many were left out: they still waited, or were sent again before
 * @param gone how many could not be sent, because their webhook or their event was gone
 * @param owner the instance that works on it, or did last; empty if none did
 */
public record RedeliveryJob(
    String id,
    String filter,
    Instant createdAt,
    Instant updatedAt,
    long total,
    boolean isMore,
    int rate,
    State state,
    String place,
    long done,
    long left,
    long gone,
    String owner) {
  /** How far a job is. */
  public enum State {
    /** Some instance works on it, or will. */
    RUNNING,
    /** Everything was looked at. */
    FINISHED,
    /** Somebody has cancelled it. */
    CANCELLED;

    /**
     * The name in JSON and in the keys of the message bundles.
     *
     * @return lower-case letters
     */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Whether it goes on.
   *
   * @return false once it is finished or cancelled
   */
  public boolean isRunning() {
    return state == State.RUNNING;
  }

  /**
   * How much of it is done.
   *
   * @return from 0 to 100
   */
  public int percent() {
    if (state == State.FINISHED) {
      return 100;
    }
    return total == 0 ? 0 : (int) Math.min(99, (done + gone) * 100 / total);
  }
}
