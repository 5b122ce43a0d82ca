package cloud.klink.webhooks.sender.internal.claim;

import cloud.klink.webhooks.sender.internal.queue.UnusedLease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The work that remains after a claim.
 *
 * @param unused leases that this node will not use
 * @param orphans webhooks that no longer exist but have waiting deliveries
 * @param nextIn when to claim again; empty if there was no room for a delivery
 */
public record Claimed(List<UnusedLease> unused, Set<String> orphans, Optional<Duration> nextIn) {
  static final Claimed NOTHING = new Claimed(List.of(), Set.of(), Optional.empty());
}
