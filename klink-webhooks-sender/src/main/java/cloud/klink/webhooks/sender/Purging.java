package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.sender.internal.retention.Retention;
import cloud.klink.webhooks.sender.storage.Purge;
import cloud.klink.webhooks.sender.storage.Purged;
import cloud.klink.webhooks.sender.storage.Storage;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Removes what is old, on demand. */
final class Purging {
  private Purging() {}

  /** In batches, until nothing is left or nobody wants it any more. */
  static PurgeResult before(Storage storage, Instant time, BooleanSupplier goesOn) {
    long deliveries = 0;
    long events = 0;
    Optional<Purge> next = Optional.of(Purge.before(time, Retention.BATCH));
    while (next.isPresent() && goesOn.getAsBoolean()) {
      Purged purged = storage.purge(next.get());
      deliveries += purged.deliveries();
      events += purged.events();
      next = purged.next();
    }
    return new PurgeResult(deliveries, events, next.isEmpty());
  }
}
