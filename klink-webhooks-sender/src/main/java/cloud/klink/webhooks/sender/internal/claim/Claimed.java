package cloud.klink.webhooks.sender.internal.claim;

import cloud.klink.webhooks.sender.storage.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The work that remains after a claim.
 *
 * @param unused leases that this node will not use, with the time at which each delivery is due
 *     again
 * @param orphans webhooks that no longer exist but have waiting deliveries
 * @param nextIn when to claim again; empty if there was no room for a delivery
 */
public record Claimed(Map<Lease, Instant> unused, Set<String> orphans, Optional<Duration> nextIn) {
  static final Claimed NOTHING = new Claimed(Map.of(), Set.of(), Optional.empty());
}
