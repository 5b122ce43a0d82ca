package cloud.klink.webhooks.sender.storage;

import java.time.Instant;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * What a publishing node takes over at once: deliveries that are stored as already leased to it, so
 * that they need not be claimed. The token of such a lease is 1.
 *
 * @param leaseUntil when the leases end
 * @param takes asked once for each new delivery of a webhook that is not paused, with the webhook's
 *     id: whether the node has room for it. Called after the delivery's id was given and before the
 *     next one's is, within the transaction, so it must not block
 */
public record HandOff(Instant leaseUntil, Predicate<String> takes) {
  /**
   * Checks that nothing is missing.
   *
   * @param leaseUntil when the leases end
   * @param takes whether the node has room
   */
  public HandOff {
    Objects.requireNonNull(leaseUntil, "leaseUntil");
    Objects.requireNonNull(takes, "takes");
  }

  /**
   * Nothing: every delivery waits to be claimed.
   *
   * @return the hand-off
   */
  public static HandOff none() {
    return new HandOff(Instant.EPOCH, webhookId -> false);
  }
}
