package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.Purge;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
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
    return (Storage) Proxy.newProxyInstance(
        Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, (proxy, method, given) -> {
          if (method.getName().equals("purge")) {
            times.add(clock.get());
            purges.add((Purge) given[0]);
            during.run();
            if (isDown) {
              throw new StorageException(
                  SenderReason.STORAGE_UNAVAILABLE, "storage: it is down", null);
            }
          }
          try {
            return method.invoke(storage, given);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }
}
