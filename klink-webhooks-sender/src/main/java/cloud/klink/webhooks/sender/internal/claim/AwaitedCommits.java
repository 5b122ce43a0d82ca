package cloud.klink.webhooks.sender.internal.claim;

import cloud.klink.webhooks.sender.internal.queue.UnusedLease;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Deliveries that were stored in transactions of the user and are leased to this node. Once such a
 * transaction is committed, they are sent without being claimed. Until then, and for ever after a
 * rollback, nothing shows that they exist; when their leases end they are forgotten here, and
 * claimed like others if they are committed later.
 */
public final class AwaitedCommits {
  /** The delay of the first check for a commit. The following intervals grow. */
  public static final Duration FIRST_CHECK = Duration.ofMillis(1);

  /**
   * The delay of the first check where commits are announced: one that is made before is for
   * nothing, and delays the one that the announcement requests.
   */
  private static final Duration FIRST_CHECK_IF_ANNOUNCED = Duration.ofMillis(10);

  /** The most deliveries that are awaited. One check looks for all of them. */
  private static final int MAX_DELIVERIES = 500;

  private final Storage storage;
  private final DispatchSettings settings;
  private final DispatchRuntime runtime;
  private final CommitCheckIntervals checks;
  private final Map<Lease, ClaimedDelivery> awaited = new LinkedHashMap<>();
  private int reserved;
  private long bytes;
  private boolean areAnnounced;
  private boolean isClosed;

  /** An object that awaits nothing. */
  public AwaitedCommits(Storage storage, DispatchSettings settings, DispatchRuntime runtime) {
    this.storage = storage;
    this.settings = settings;
    this.runtime = runtime;
    this.checks = new CommitCheckIntervals(settings.pollInterval());
  }

  /**
   * Reserves room for a delivery that is being stored.
   *
   * @param body the length of its body, in bytes
   * @return whether there is room
   */
  public synchronized boolean reserve(long body) {
    long weight = DispatchSettings.weight(body);
    if (isClosed
        || awaited.size() + reserved >= MAX_DELIVERIES
        || bytes + weight > settings.maxAwaitedBytes()) {
      return false;
    }
    reserved++;
    bytes += weight;
    return true;
  }

  /** Frees room that was reserved for a body of this length. */
  public synchronized void unreserve(long body) {
    reserved--;
    bytes -= DispatchSettings.weight(body);
  }

  /**
   * Adds deliveries for which room was reserved; the caller frees the reserved room then.
   *
   * @return the delay of the first check for their commit
   */
  public synchronized Duration add(List<ClaimedDelivery> deliveries) {
    Duration first = areAnnounced ? FIRST_CHECK_IF_ANNOUNCED : FIRST_CHECK;
    if (!isClosed) {
      deliveries.forEach(delivery -> {
        awaited.put(delivery.lease(), delivery);
        bytes += weight(delivery);
      });
      checks.begin(first);
    }
    return first;
  }

  private static long weight(ClaimedDelivery delivery) {
    return DispatchSettings.weight(delivery.body().length());
  }

  /** Whether no commit is awaited. */
  public synchronized boolean isEmpty() {
    return awaited.isEmpty();
  }

  /**
   * Removes the deliveries whose transactions are committed. Only one thread may call this at a
   * time.
   *
   * @param isAnnounced whether the check was requested since a transaction was committed
   * @return those deliveries, with the version that their webhook has now
   */
  public List<ClaimedDelivery> check(boolean isAnnounced) {
    List<ClaimedDelivery> open = open(runtime.now());
    if (open.isEmpty()) {
      return List.of();
    }
    List<ClaimedDelivery> committed = storage.committed(open);
    if (!committed.isEmpty()) {
      noteFound(isAnnounced);
    }
    return committed.stream().filter(this::remove).toList();
  }

  /** The next commits are taken to be found as the last ones were. */
  private synchronized void noteFound(boolean isAnnounced) {
    areAnnounced = isAnnounced;
  }

  private synchronized List<ClaimedDelivery> open(Instant now) {
    List<ClaimedDelivery> open = new ArrayList<>();
    for (ClaimedDelivery delivery : List.copyOf(awaited.values())) {
      if (now.isBefore(delivery.leaseUntil())) {
        open.add(delivery);
      } else {
        remove(delivery);
      }
    }
    return open;
  }

  private synchronized boolean remove(ClaimedDelivery delivery) {
    ClaimedDelivery removed = awaited.remove(delivery.lease());
    if (removed != null) {
      bytes -= weight(removed);
    }
    return removed != null;
  }

  /** When to check again; empty if nothing is awaited. */
  public synchronized Optional<Duration> nextIn() {
    return awaited.isEmpty()
        ? Optional.empty()
        : Optional.of(checks.next().orElse(settings.pollInterval()));
  }

  /**
   * Awaits nothing from now on.
   *
   * @return the leases of what was awaited
   */
  public synchronized List<UnusedLease> close() {
    isClosed = true;
    List<UnusedLease> leases = awaited.values().stream().map(UnusedLease::of).toList();
    awaited.clear();
    return leases;
  }
}
