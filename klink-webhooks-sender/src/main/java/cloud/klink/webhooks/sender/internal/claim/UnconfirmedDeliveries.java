package cloud.klink.webhooks.sender.internal.claim;

import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.internal.tasks.Wakeup;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deliveries of publishings that failed. If the storage has stored them all the same, and only its
 * answer was lost, they are under a lease that nobody uses. So the leases are given back: a second
 * later, more and more seldom until they end, and at once when something is published again. Giving
 * back what is not there changes nothing.
 */
public final class UnconfirmedDeliveries {
  private static final Logger LOG = LoggerFactory.getLogger(UnconfirmedDeliveries.class);
  private static final int MOST = 1_000;
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(8);

  /** The token of a lease from publishing. */
  private static final long TOKEN = 1;

  private final Storage storage;
  private final DispatchRuntime runtime;
  private final Runnable afterwards;
  private final Wakeup alarm;
  private final Deque<Item> items = new ArrayDeque<>();
  private Duration delay = FIRST;
  private boolean running;
  private boolean again;
  private boolean stopped;

  private record Item(String deliveryId, Instant leaseUntil) {}

  public UnconfirmedDeliveries(Storage storage, DispatchRuntime runtime, Runnable afterwards) {
    this.storage = storage;
    this.runtime = runtime;
    this.afterwards = afterwards;
    this.alarm = new Wakeup(runtime.timer(), this::giveBackSoon, LONGEST);
  }

  /** The oldest are left to their leases' ends if there are too many. */
  public synchronized void add(List<String> deliveryIds, Instant leaseUntil) {
    deliveryIds.forEach(id -> items.add(new Item(id, leaseUntil)));
    while (items.size() > MOST) {
      items.remove();
    }
    if (!stopped) {
      delay = FIRST;
      alarm.set(delay);
    }
  }

  public synchronized void giveBackSoon() {
    if (stopped || items.isEmpty()) {
      return;
    }
    again = running;
    if (!running) {
      running = true;
      if (DispatchRuntime.run(runtime.storage(), this::giveBack) != null) {
        goOn();
      }
    }
  }

  public synchronized void stop() {
    stopped = true;
    items.clear();
    alarm.cancel();
  }

  private void giveBack() {
    try {
      Map<Lease, Instant> leases = leases();
      if (!leases.isEmpty()) {
        storage.release(leases);
        afterwards.run();
      }
    } catch (Throwable e) { // whatever it is, it is tried again
      SafeRunner.log(() ->
          LOG.debug("Leases that a failed publish may have taken could not be released yet", e));
    } finally {
      goOn();
    }
  }

  private synchronized Map<Lease, Instant> leases() {
    Instant now = runtime.now();
    items.removeIf(item -> item.leaseUntil.isBefore(now));
    Map<Lease, Instant> leases = new HashMap<>();
    items.forEach(item -> leases.put(new Lease(item.deliveryId, TOKEN), now));
    return leases;
  }

  private synchronized void goOn() {
    running = false;
    if (again) {
      again = false;
      alarm.set(Duration.ZERO);
    } else if (!stopped && !items.isEmpty()) {
      delay = delay.multipliedBy(2);
      delay = delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
      alarm.set(delay);
    }
  }
}
