package cloud.klink.webhooks.sender.internal.health;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What one node has in hand at the moment.
 *
 * @param phase whether it was started and stopped
 * @param inFlight how many attempts it is making
 * @param queued how many claimed deliveries wait in its memory
 * @param outageSince since when it has seemed to be cut off, so that it holds back; empty if it
 *     does not
 * @param unreadableWebhooks how many webhooks it has met whose stored secrets it could not read,
 *     and has not read since
 * @param droppedEvents how many events its listeners were not told of, because they were too slow
 */
public record NodeHealth(
    Phase phase,
    int inFlight,
    int queued,
    Optional<Instant> outageSince,
    int unreadableWebhooks,
    long droppedEvents) {
  /** The phases of a sender's life. */
  public enum Phase {
    /** It publishes and manages, and leaves delivering to others. */
    BUILT("built"),

    /** It delivers. */
    STARTED("started"),

    /** It does nothing any more. */
    STOPPED("stopped");

    private final String id;

    Phase(String id) {
      this.id = id;
    }

    /**
     * The name that {@code Health.toMap()} uses.
     *
     * @return {@code built}, {@code started} or {@code stopped}
     */
    public String id() {
      return id;
    }
  }

  /**
   * Checks that nothing is missing.
   *
   * @param phase whether it was started and stopped
   * @param inFlight how many attempts it is making
   * @param queued how many claimed deliveries wait in its memory
   * @param outageSince since when it has seemed to be cut off
   * @param unreadableWebhooks how many webhooks it could not read
   * @param droppedEvents how many events its listeners were not told of
   */
  public NodeHealth {
    Objects.requireNonNull(phase, "phase");
    Objects.requireNonNull(outageSince, "outageSince");
  }
}
