package cloud.klink.webhooks.sender.internal.health;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The outcomes that a node could not write.
 *
 * @param setAside how many outcomes are kept in memory because they could not be written; they are
 *     tried again
 * @param lastRefusal when an outcome was last written without a part that the storage refused;
 *     empty if the storage has accepted every outcome
 * @param lockedWebhooks how many webhooks could not be checked for a pause for more than 5 seconds,
 *     because another session has locked their rows
 * @param missingDeliveries how many attempted deliveries, since the start, were missing in the
 *     storage when their outcome was to be written: they were purged, or the database has lost
 *     them, for example because a standby that lagged behind was promoted
 * @param lastMissing when a delivery was last missing; empty if none was
 */
public record OutcomeHealth(
    int setAside,
    Optional<Instant> lastRefusal,
    int lockedWebhooks,
    long missingDeliveries,
    Optional<Instant> lastMissing) {
  /** No problem: all outcomes were written. */
  public static final OutcomeHealth GOOD = new OutcomeHealth(0, Optional.empty(), 0);

  /**
   * Checks that nothing is missing.
   *
   * @param setAside how many outcomes are kept in memory
   * @param lastRefusal when an outcome was last written without a part
   * @param lockedWebhooks how many webhooks are locked
   * @param missingDeliveries how many deliveries are missing
   * @param lastMissing when a delivery was last missing
   */
  public OutcomeHealth {
    Objects.requireNonNull(lastRefusal, "lastRefusal");
    Objects.requireNonNull(lastMissing, "lastMissing");
  }

  /**
   * The health with a storage that has all deliveries.
   *
   * @param setAside how many outcomes are kept in memory
   * @param lastRefusal when an outcome was last written without a part
   * @param lockedWebhooks how many webhooks are locked
   */
  public OutcomeHealth(int setAside, Optional<Instant> lastRefusal, int lockedWebhooks) {
    this(setAside, lastRefusal, lockedWebhooks, 0, Optional.empty());
  }
}
