package cloud.klink.webhooks.verifier.deduplication;

import cloud.klink.webhooks.internal.Ranges;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Remembers processed events in the memory of one process. Safe for use by many threads. */
final class InMemoryProcessedEvents implements ProcessedEvents {
  static final int DEFAULT_MAX_ENTRIES = 100_000;
  static final Duration DEFAULT_RETENTION = Duration.ofDays(1);

  private final int maxEntries;
  private final Duration retention;

  private final Object lock = new Object();
  private final Map<String, Lease> claimed = new HashMap<>();
  private final Map<String, Instant> done = new LinkedHashMap<>();

  private record Lease(String token, Instant until) {}

  InMemoryProcessedEvents(int maxEntries, Duration retention) {
    Ranges.checkAtLeast("maxEntries", maxEntries, 1);
    Ranges.checkPositive("retention", retention);
    this.maxEntries = maxEntries;
    this.retention = retention;
  }

  @Override
  public Claim claim(String key, Instant now, Instant leaseUntil) {
    synchronized (lock) {
      forgetBefore(now.minus(retention));
      if (done.containsKey(key)) {
        return Claim.done(key);
      }
      Lease current = claimed.get(key);
      if (current != null && current.until.isAfter(now)) {
        return Claim.inProgress(key);
      }
      if (current == null) {
        makeRoom(now);
      }
      Lease lease = new Lease(UUID.randomUUID().toString(), leaseUntil);
      claimed.put(key, lease);
      return Claim.granted(key, lease.token);
    }
  }

  private void forgetBefore(Instant limit) {
    Iterator<Instant> oldest = done.values().iterator();
    while (oldest.hasNext() && !oldest.next().isAfter(limit)) {
      oldest.remove();
    }
  }

  private void makeRoom(Instant now) {
    if (claimed.size() + done.size() < maxEntries) {
      return;
    }
    Iterator<Instant> oldest = done.values().iterator();
    if (oldest.hasNext()) {
      oldest.next();
      oldest.remove();
    } else if (!claimed.values().removeIf(lease -> !lease.until.isAfter(now))) {
      throw new ProcessedEventsException(
          "maxEntries: all " + maxEntries + " events that can be remembered are in progress", null);
    }
  }

  @Override
  public boolean renew(Claim claim, Instant leaseUntil) {
    synchronized (lock) {
      return isHeld(claim)
          && claimed.put(claim.key(), new Lease(claim.token(), leaseUntil)) != null;
    }
  }

  @Override
  public boolean done(Claim claim, Instant now) {
    synchronized (lock) {
      if (!isHeld(claim)) {
        return false;
      }
      claimed.remove(claim.key());
      done.put(claim.key(), now);
      return true;
    }
  }

  @Override
  public boolean release(Claim claim) {
    synchronized (lock) {
      return isHeld(claim) && claimed.remove(claim.key()) != null;
    }
  }

  private boolean isHeld(Claim claim) {
    Lease lease = claimed.get(claim.key());
    return lease != null && lease.token.equals(claim.token());
  }

  /** Tells how much is remembered. */
  @Override
  public String toString() {
    synchronized (lock) {
      return "InMemoryProcessedEvents[" + done.size() + " done, " + claimed.size()
          + " in progress, at most " + maxEntries + "]";
    }
  }
}
