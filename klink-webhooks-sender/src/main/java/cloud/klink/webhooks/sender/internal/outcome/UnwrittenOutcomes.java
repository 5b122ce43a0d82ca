package cloud.klink.webhooks.sender.internal.outcome;

import java.time.Instant;
import java.util.Optional;

/**
 * What a node could not write of its attempts.
 *
 * @param setAside how many outcomes are kept in memory because the storage refused them in every
 *     form; from 0 to 1,000
 * @param lastRefusal when an outcome was written last without a part that the storage refused
 * @param lockedWebhooks how many webhooks another session has locked for longer than 5 seconds, so
 *     that it cannot be decided whether they are to be paused
 * @param refusedSince since when the storage has refused all outcomes, so that it seems to be out
 *     of order; empty if it accepts outcomes
 * @param missing how many deliveries that were attempted the storage did not have any more when
 *     their outcome was to be written, since the start
 * @param lastMissing when there was one last
 */
public record UnwrittenOutcomes(
    int setAside,
    Optional<Instant> lastRefusal,
    int lockedWebhooks,
    Optional<Instant> refusedSince,
    long missing,
    Optional<Instant> lastMissing) {}
