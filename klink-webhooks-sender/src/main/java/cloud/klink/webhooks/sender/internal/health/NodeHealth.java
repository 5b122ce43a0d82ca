package cloud.klink.webhooks.sender.internal.health;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The current state of one node.
 *
 * @param phase whether it was started and stopped
 * @param inFlight how many attempts it is making
 * @param queued how many claimed deliveries wait in its memory
 * @param outageSince since when it has been in an outage of its network; empty if it is not
 * @param unreadableWebhooks how many webhooks have secrets that it could not read when it last
 *     tried
 * @param unclaimableWebhooks how many webhooks have deliveries that the storage refuses to lease
 * @param droppedEvents how many events were dropped because its listeners were too slow
 */
public record NodeHealth(
    Phase phase,
    int inFlight,
    int queued,
    Optional<Instant> outageSince,
    int unreadableWebhooks,
    int unclaimableWebhooks,
    long droppedEvents) {
  /** The phases of a sender. */
  public enum Phase {
    /** It publishes and manages webhooks, and does not deliver. */
    BUILT("built"),

    /** It delivers. */
    STARTED("started"),

    /** It has been stopped. */
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
   * @param outageSince since when it has been in an outage
   * @param unreadableWebhooks how many webhooks it could not read
   * @param unclaimableWebhooks how many webhooks it could not claim for
   * @param droppedEvents how many events were dropped
   */
  public NodeHealth {
    Objects.requireNonNull(phase, "phase");
    Objects.requireNonNull(outageSince, "outageSince");
  }
}
