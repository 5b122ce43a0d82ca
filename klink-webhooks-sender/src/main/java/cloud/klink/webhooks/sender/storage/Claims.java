package cloud.klink.webhooks.sender.storage;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The result of a claim.
 *
 * @param deliveries the deliveries, now leased; for each webhook in the order in which they were
 *     due
 * @param after the webhook after which the next claim is to begin
 * @param nextDue when, after the request's time, the next delivery of an active webhook becomes
 *     due, as far as this claim has read ahead. The end of a lease counts, too: for each webhook,
 *     at least the lease of the delivery that was due first. Deliveries that are due already and
 *     were left because of a limit do not count. A claim that has not read far enough ahead gives
 *     an earlier time, at which the node claims again. Empty if there is no such delivery
 * @param orphans ids of webhooks that are deleted but still have deliveries waiting; not every
 *     claim has to look for them, but at least one a minute must
 * @param isTruncated whether deliveries that are due were left because of the byte limit
 */
public record Claims(
    List<ClaimedDelivery> deliveries,
    String after,
    Optional<Instant> nextDue,
    Set<String> orphans,
    boolean isTruncated) {
  /**
   * Copies the lists.
   *
   * @param deliveries the deliveries
   * @param after the webhook after which the next claim is to begin
   * @param nextDue when the next delivery is due
   * @param orphans deleted webhooks with deliveries waiting
   * @param isTruncated whether deliveries were left because of the byte limit
   */
  public Claims {
    deliveries = List.copyOf(deliveries);
    Objects.requireNonNull(after, "after");
    Objects.requireNonNull(nextDue, "nextDue");
    orphans = Set.copyOf(orphans);
  }
}
