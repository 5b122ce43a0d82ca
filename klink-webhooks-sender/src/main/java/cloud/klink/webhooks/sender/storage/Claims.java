package cloud.klink.webhooks.sender.storage;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a claim gave.
 *
 * @param deliveries the deliveries, now leased; for each webhook in the order in which they were
 *     due
 * @param after the webhook after which the next claim is to begin
 * @param nextDue when, after the request's now, the next delivery of an active webhook is due as
 *     far as this claim saw. The end of a lease counts as well, of each webhook's leases at least
 *     that of the delivery which was due first. Empty if there is none. What is due already and was
 *     left because of a limit does not count. An earlier time if the claim did not look as far
 *     ahead: the node is to claim again then
 * @param orphans ids of webhooks that are deleted but still have deliveries waiting; not every
 *     claim need look for them, but some within a minute
 * @param isCut whether something that is due was left because of the limit of bytes
 */
public record Claims(
    List<ClaimedDelivery> deliveries,
    String after,
    Optional<Instant> nextDue,
    Set<String> orphans,
    boolean isCut) {
  /**
   * Copies the lists.
   *
   * @param deliveries the deliveries
   * @param after the webhook after which the next claim is to begin
   * @param nextDue when the next delivery is due
   * @param orphans deleted webhooks with deliveries waiting
   * @param isCut whether something was left because of the limit of bytes
   */
  public Claims {
    deliveries = List.copyOf(deliveries);
    Objects.requireNonNull(after, "after");
    Objects.requireNonNull(nextDue, "nextDue");
    orphans = Set.copyOf(orphans);
  }
}
