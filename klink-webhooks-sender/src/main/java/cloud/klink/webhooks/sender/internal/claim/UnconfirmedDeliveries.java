package cloud.klink.webhooks.sender.internal.claim;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deliveries of failed publish calls. If the storage has stored them and only its answer was lost,
 * they have leases that no node uses. So the leases are released: after one second, then at growing
 * intervals until they expire, and at once when an event is published again. Releasing a lease that
 * does not exist changes nothing.
 */
public final class UnconfirmedDeliveries {
  /** The delay after a failed publish call until its leases are first released. */
  public static final Duration FIRST_DELAY = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(UnconfirmedDeliveries.class);
  private static final int MAX_ITEMS = 1_000;
  private static final Duration MAX_DELAY = Duration.ofSeconds(8);

  /** The token of a lease that a publish call takes. */
  private static final long TOKEN = 1;

  private final Storage storage;
  private final DispatchRuntime runtime;
  private final Deque<Item> items = new ArrayDeque<>();
  private Duration delay = FIRST_DELAY;

  private record Item(String deliveryId, Instant leaseUntil) {}

  /** An object without deliveries. */
  public UnconfirmedDeliveries(Storage storage, DispatchRuntime runtime) {
    this.storage = storage;
    this.runtime = runtime;
  }

  /** Adds deliveries. Beyond 1,000, the leases of the oldest are left to expire. */
  public synchronized void add(List<String> deliveryIds, Instant leaseUntil) {
    deliveryIds.forEach(id -> items.add(new Item(id, leaseUntil)));
    while (items.size() > MAX_ITEMS) {
      items.remove();
    }
    delay = FIRST_DELAY;
  }

  public synchronized boolean isEmpty() {
    return items.isEmpty();
  }

  public synchronized void clear() {
    items.clear();
  }

  /**
   * Releases the leases that have not expired. Never throws, since it is repeated anyway.
   *
   * @return whether leases were released
   */
  public boolean release() {
    try {
      Map<Lease, Instant> leases = leases();
      if (leases.isEmpty()) {
        return false;
      }
      storage.release(leases);
      return true;
    } catch (Throwable e) {
      SafeRunner.log(() -> LOG.debug("Cannot release the leases of a failed publish call yet", e));
      return false;
    }
  }

  private synchronized Map<Lease, Instant> leases() {
    Instant now = runtime.now();
    items.removeIf(item -> item.leaseUntil.isBefore(now));
    Map<Lease, Instant> leases = new HashMap<>();
    items.forEach(item -> leases.put(new Lease(item.deliveryId, TOKEN), now));
    return leases;
  }

  /** When to release again, at growing intervals; empty if all have expired. */
  public synchronized Optional<Duration> nextIn() {
    if (items.isEmpty()) {
      return Optional.empty();
    }
    delay = Durations.min(delay.multipliedBy(2), MAX_DELAY);
    return Optional.of(delay);
  }
}
