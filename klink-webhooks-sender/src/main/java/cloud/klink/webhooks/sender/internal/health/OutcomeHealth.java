package cloud.klink.webhooks.sender.internal.health;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a node could not write of its attempts.
 *
 * @param setAside how many outcomes are kept in memory because the storage refused them in every
 *     form; they are tried again
 * @param lastRefusal when an outcome was written last without a part that the storage refused;
 *     empty if it took all so far
 * @param lockedWebhooks of how many webhooks it has not been possible for more than 5 seconds to
 *     decide whether they are to be paused, because another session has locked their rows
 * @param missingDeliveries how many deliveries that were attempted the storage did not have any
 *     more when their outcome was to be written, since the start: they were removed, or the
 *     database has lost them, as it does when a standby that lags behind is promoted
 * @param lastMissing when there was one last; empty if there was none
 */
public record OutcomeHealth(
    int setAside,
    Optional<Instant> lastRefusal,
    int lockedWebhooks,
    long missingDeliveries,
    Optional<Instant> lastMissing) {
  /** All was written. */
  public static final OutcomeHealth GOOD = new OutcomeHealth(0, Optional.empty(), 0);

  /**
   * Checks that nothing is missing.
   *
   * @param setAside how many outcomes are kept in memory
   * @param lastRefusal when an outcome was written last without a part
   * @param lockedWebhooks how many webhooks are locked
   * @param missingDeliveries how many deliveries are missing
   * @param lastMissing when there was one last
   */
  public OutcomeHealth {
    Objects.requireNonNull(lastRefusal, "lastRefusal");
    Objects.requireNonNull(lastMissing, "lastMissing");
  }

  /**
   * Of a storage that had all deliveries.
   *
   * @param setAside how many outcomes are kept in memory
   * @param lastRefusal when an outcome was written last without a part
   * @param lockedWebhooks how many webhooks are locked
   */
  public OutcomeHealth(int setAside, Optional<Instant> lastRefusal, int lockedWebhooks) {
    this(setAside, lastRefusal, lockedWebhooks, 0, Optional.empty());
  }
}
