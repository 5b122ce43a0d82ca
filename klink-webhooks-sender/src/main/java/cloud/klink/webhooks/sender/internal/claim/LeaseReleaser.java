package cloud.klink.webhooks.sender.internal.claim;

import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases leases that this node will not use. Leases beyond the limit, and those that remain after
 * a stop, are left to expire.
 */
public final class LeaseReleaser {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseReleaser.class);

  /** The most leases that are kept while the storage fails. */
  private static final int MAX_WAITING = 10_000;

  private final Storage storage;
  private Map<Lease, Instant> waiting = new LinkedHashMap<>();
  private boolean isStopping;

  /** A releaser without leases. */
  public LeaseReleaser(Storage storage) {
    this.storage = storage;
  }

  /**
   * Adds leases to be released.
   *
   * @param leases the leases, with the time at which each delivery is due again
   */
  public synchronized void add(Map<Lease, Instant> leases) {
    if (waiting.size() < MAX_WAITING) {
      waiting.putAll(leases);
    }
  }

  /** From now on, leases whose release fails are left to expire. */
  public synchronized void stop() {
    isStopping = true;
  }

  /**
   * Releases all leases; those that fail are kept for the next call. Only one thread may call this
   * at a time.
   */
  public void release() {
    Map<Lease, Instant> batch = Map.of();
    try {
      for (batch = take(); !batch.isEmpty(); batch = take()) {
        release(batch);
      }
    } catch (Throwable e) {
      if (!abandonOrKeep(batch)) {
        throw e;
      }
    }
  }

  private synchronized Map<Lease, Instant> take() {
    Map<Lease, Instant> batch = waiting;
    waiting = new LinkedHashMap<>();
    return batch;
  }

  /**
   * Keeps leases that could not be released, or leaves them to expire and returns true if this is
   * stopping.
   */
  private synchronized boolean abandonOrKeep(Map<Lease, Instant> batch) {
    if (isStopping) {
      waiting.clear();
    } else {
      batch.forEach(waiting::putIfAbsent);
    }
    return isStopping;
  }

  /**
   * Releases a batch. Leases that the storage refuses are found by halving it, and left to expire.
   */
  private void release(Map<Lease, Instant> batch) {
    try {
      storage.release(batch);
    } catch (StorageException e) {
      if (e.reason() != SenderReason.STORAGE_REFUSED) {
        throw e;
      }
      if (batch.size() == 1) {
        SafeRunner.log(
            () -> LOG.warn("Cannot release {}; it is left to expire", batch.keySet(), e));
        return;
      }
      Map<Lease, Instant> first = new LinkedHashMap<>();
      Map<Lease, Instant> second = new LinkedHashMap<>();
      batch.forEach(
          (lease, due) -> (first.size() < batch.size() / 2 ? first : second).put(lease, due));
      release(first);
      release(second);
    }
  }
}
