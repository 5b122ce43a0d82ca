package cloud.klink.webhooks.sender.internal.outcome;

import java.time.Instant;
import java.util.Optional;

/**
 * The outcomes that a node could not write.
 *
 * @param setAside how many outcomes are kept in memory because they could not be written; 0 to
 *     1,000
 * @param lastRefusal when an outcome was last written without a part that the storage refused
 * @param lockedWebhooks how many webhooks could not be checked for a pause for more than 5 seconds,
 *     because another session has locked them
 * @param refusedSince since when the storage has refused all outcomes, so that it seems to fail;
 *     empty if it accepts outcomes
 * @param missing how many attempted deliveries, since the start, were missing in the storage when
 *     their outcome was to be written
 * @param lastMissing when a delivery was last missing
 */
public record UnwrittenOutcomes(
    int setAside,
    Optional<Instant> lastRefusal,
    int lockedWebhooks,
    Optional<Instant> refusedSince,
    long missing,
    Optional<Instant> lastMissing) {}
