package cloud.klink.webhooks.sender.internal.claim;

import cloud.klink.webhooks.sender.internal.queue.UnusedLease;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
  private final Map<Lease, UnusedLease> waiting = new LinkedHashMap<>();
  private boolean isStopping;

  /** A releaser without leases. */
  public LeaseReleaser(Storage storage) {
    this.storage = storage;
  }

  /** Adds leases to be released. */
  public synchronized void add(List<UnusedLease> leases) {
    if (waiting.size() < MAX_WAITING) {
      leases.forEach(one -> waiting.put(one.lease(), one));
    }
  }

  /** From now on, leases whose release fails are left to expire. */
  public synchronized void stop() {
    isStopping = true;
  }

  /**
   * Releases the leases that were added; those that fail are kept for the next call. Only one
   * thread may call this at a time.
   *
   * @return the leases that were released; empty if there were none
   */
  public List<UnusedLease> release() {
    List<UnusedLease> batch = take();
    try {
      if (!batch.isEmpty()) {
        release(batch);
      }
      return batch;
    } catch (Throwable e) {
      if (!abandonOrKeep(batch)) {
        throw e;
      }
      return List.of();
    }
  }

  private synchronized List<UnusedLease> take() {
    List<UnusedLease> batch = List.copyOf(waiting.values());
    waiting.clear();
    return batch;
  }

  /**
   * Keeps leases that could not be released, or leaves them to expire and returns true if this is
   * stopping.
   */
  private synchronized boolean abandonOrKeep(List<UnusedLease> batch) {
    if (isStopping) {
      waiting.clear();
    } else {
      batch.forEach(one -> waiting.putIfAbsent(one.lease(), one));
    }
    return isStopping;
  }

  /**
   * Releases a batch. Leases that the storage refuses are found by halving it, and left to expire.
   */
  private void release(List<UnusedLease> batch) {
    try {
      storage.release(
          batch.stream().collect(Collectors.toMap(UnusedLease::lease, UnusedLease::dueAt)));
    } catch (StorageException e) {
      if (e.reason() != SenderReason.STORAGE_REFUSED) {
        throw e;
      }
      if (batch.size() == 1) {
        SafeRunner.log(() ->
            LOG.warn("Cannot release {}; it is left to expire", batch.get(0).lease(), e));
        return;
      }
      int half = batch.size() / 2;
      release(batch.subList(0, half));
      release(batch.subList(half, batch.size()));
    }
  }
}
