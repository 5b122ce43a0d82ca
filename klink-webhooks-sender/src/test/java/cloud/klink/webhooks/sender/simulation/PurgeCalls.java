package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.InterceptedStorage;
import cloud.klink.webhooks.sender.storage.Purge;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A storage that is watched while it is purged, and may fail then. */
final class PurgeCalls {
  final List<Instant> times = new ArrayList<>();
  final List<Purge> purges = new ArrayList<>();
  boolean isDown;
  Runnable during = () -> {};

  /** The storage. */
  Storage around(Storage storage, Supplier<Instant> clock) {
    return InterceptedStorage.of(storage, call -> {
      if (call.is("purge")) {
        times.add(clock.get());
        purges.add((Purge) call.argument(0));
        during.run();
        if (isDown) {
          throw new StorageException(SenderReason.STORAGE_UNAVAILABLE, "storage: it is down", null);
        }
      }
      return call.proceed();
    });
  }
}
