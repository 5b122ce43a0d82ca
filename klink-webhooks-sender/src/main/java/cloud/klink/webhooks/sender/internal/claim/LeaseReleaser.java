package cloud.klink.webhooks.sender.internal.claim;

import cloud.klink.webhooks.sender.internal.tasks.Backoff;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives leases back that this node will not use. When that fails it is tried again; those that are
 * too many, or that a stop leaves, end by themselves, so nothing is repeated.
 */
public final class LeaseReleaser {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseReleaser.class);

  /** So many wait at most while the storage fails. */
  private static final int MAX_WAITING = 10_000;

  private final Storage storage;
  private final DispatchRuntime runtime;
  private final Runnable afterwards;
  private final Backoff outage;
  private Map<Lease, Instant> waiting = new LinkedHashMap<>();
  private boolean running;
  private boolean resting;
  private boolean stopping;

  public LeaseReleaser(Storage storage, DispatchRuntime runtime, Runnable afterwards) {
    this.storage = storage;
    this.runtime = runtime;
    this.afterwards = afterwards;
    this.outage = new Backoff("Giving leases back", runtime.timer());
  }

  public void add(Collection<ClaimedDelivery> deliveries) {
    Map<Lease, Instant> leases = new LinkedHashMap<>();
    deliveries.forEach(delivery -> leases.put(delivery.lease(), delivery.dueAt()));
    add(leases);
  }

  /** They are due again at this time, not at once. */
  public void add(Collection<ClaimedDelivery> deliveries, Instant due) {
    Map<Lease, Instant> leases = new LinkedHashMap<>();
    deliveries.forEach(delivery -> leases.put(delivery.lease(), due));
    add(leases);
  }

  private void add(Map<Lease, Instant> leases) {
    synchronized (this) {
      if (waiting.size() < MAX_WAITING) {
        waiting.putAll(leases);
      }
    }
    check();
  }

  /** Begins, if something waits and nobody is at it. To be called whenever something happens. */
  public void check() {
    synchronized (this) {
      if (running || waiting.isEmpty()) {
        return;
      }
      running = true;
    }
    start();
  }

  private void start() {
    synchronized (this) {
      resting = false;
    }
    Throwable refused = DispatchRuntime.run(runtime.storage(), this::release);
    if (refused != null) {
      failed(Map.of(), refused);
    }
  }

  public synchronized boolean isIdle() {
    return !running || (resting && stopping);
  }

  /** What fails from now on is left to end by itself. */
  public synchronized void stop() {
    stopping = true;
  }

  private void release() {
    Map<Lease, Instant> batch = Map.of();
    try {
      for (batch = take(); !batch.isEmpty(); batch = take()) {
        release(batch);
        outage.over();
      }
    } catch (Throwable e) {
      failed(batch, e);
    }
    afterwards.run();
  }

  /** What the storage refuses is looked for by halving, and left to end by itself. */
  private void release(Map<Lease, Instant> batch) {
    try {
      storage.release(batch);
    } catch (StorageException e) {
      if (e.reason() != SenderReason.STORAGE_REFUSED) {
        throw e;
      }
      if (batch.size() == 1) {
        SafeRunner.log(
            () -> LOG.warn("{} cannot be released; it expires by itself", batch.keySet(), e));
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

  private void failed(Map<Lease, Instant> batch, Throwable e) {
    synchronized (this) {
      if (stopping) {
        waiting.clear();
        running = false;
        return;
      }
      batch.forEach(waiting::putIfAbsent);
      resting = true;
    }
    if (runtime.later(outage.failed(e), this::start) == null) {
      synchronized (this) {
        running = false; // whoever is next begins again
      }
    }
  }

  private synchronized Map<Lease, Instant> take() {
    Map<Lease, Instant> batch = waiting;
    waiting = new LinkedHashMap<>();
    running = !batch.isEmpty();
    return batch;
  }
}
