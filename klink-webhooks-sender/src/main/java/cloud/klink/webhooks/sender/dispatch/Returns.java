package cloud.klink.webhooks.sender.dispatch;

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
 * Gives leases back that this node will not use. When that fails they end by themselves, so nothing
 * is repeated.
 */
final class Returns {
  private static final Logger LOG = LoggerFactory.getLogger(Returns.class);

  private final Storage storage;
  private final Machine machine;
  private final Runnable afterwards;
  private Map<Lease, Instant> waiting = new LinkedHashMap<>();
  private boolean running;

  Returns(Storage storage, Machine machine, Runnable afterwards) {
    this.storage = storage;
    this.machine = machine;
    this.afterwards = afterwards;
  }

  void add(Collection<ClaimedDelivery> deliveries) {
    Map<Lease, Instant> leases = new LinkedHashMap<>();
    deliveries.forEach(delivery -> leases.put(delivery.lease(), delivery.dueAt()));
    add(leases);
  }

  /** They are due again at this time, not at once. */
  void add(Collection<ClaimedDelivery> deliveries, Instant due) {
    Map<Lease, Instant> leases = new LinkedHashMap<>();
    deliveries.forEach(delivery -> leases.put(delivery.lease(), due));
    add(leases);
  }

  private void add(Map<Lease, Instant> leases) {
    synchronized (this) {
      waiting.putAll(leases);
      if (running || waiting.isEmpty()) {
        return;
      }
      running = true;
    }
    if (!Machine.run(machine.storage(), this::release)) {
      synchronized (this) {
        running = false;
      }
    }
  }

  synchronized boolean isIdle() {
    return !running;
  }

  private void release() {
    for (Map<Lease, Instant> batch = take(); !batch.isEmpty(); batch = take()) {
      try {
        storage.release(batch);
      } catch (StorageException e) {
        LOG.debug("{} leases could not be given back; they end by themselves", batch.size(), e);
      }
    }
    afterwards.run();
  }

  private synchronized Map<Lease, Instant> take() {
    Map<Lease, Instant> batch = waiting;
    waiting = new LinkedHashMap<>();
    running = !batch.isEmpty();
    return batch;
  }
}
