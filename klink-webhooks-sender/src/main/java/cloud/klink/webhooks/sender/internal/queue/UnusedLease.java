package cloud.klink.webhooks.sender.internal.queue;

import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Lease;
import java.time.Instant;

/**
 * A lease that this node will not use. Once it is released, the delivery can be claimed again.
 *
 * @param lease the lease
 * @param webhookId the webhook of its delivery
 * @param dueAt when the delivery is due again
 */
public record UnusedLease(Lease lease, String webhookId, Instant dueAt) {
  /** The lease of a delivery that stays due as it was. */
  public static UnusedLease of(ClaimedDelivery delivery) {
    return of(delivery, delivery.dueAt());
  }

  /** The lease of a delivery that is due at another time. */
  public static UnusedLease of(ClaimedDelivery delivery, Instant dueAt) {
    return new UnusedLease(delivery.lease(), delivery.webhookId(), dueAt);
  }
}
