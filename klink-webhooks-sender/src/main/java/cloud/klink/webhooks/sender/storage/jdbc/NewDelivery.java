package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.NewEvent;
import org.jspecify.annotations.Nullable;

/** A delivery that is to be stored; leased if there is the end of a lease. */
record NewDelivery(
    String id, String webhookId, NewEvent event, @Nullable Long leaseUntil) {
  long token() {
    return leaseUntil == null ? 0 : 1;
  }

  /** It is due at once. */
  long createdAt() {
    return EpochMicros.of(event.publishedAt());
  }
}
