package cloud.klink.webhooks.sender.internal.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a node: which attempts use them, and which webhook gets the next one. Quick webhooks
 * must not take all slots and then hang. So webhooks with two or more attempts in flight get none
 * of the last quarter, and only webhooks that have been quick for 10 seconds get the last eighth.
 * Used by {@link DispatchQueue} only, under its lock.
 */
final class AttemptSlots {
  /**
   * The places that a quick webhook gets beyond the shared part: one with more attempts gets none
   * of the last quarter.
   */
  static final int GUARANTEED_PLACES = 2;

  private static final int LAST_SHARE = 8;

  private final int size;
  private final SlotShares shares;
  private final ReadyQueues ready = new ReadyQueues();
  private final AttemptsInFlight inFlight = new AttemptsInFlight();

  AttemptSlots(int size) {
    this.size = size;
    this.shares = new SlotShares(size);
  }

  int size() {
    return size;
  }

  SlotShares shares() {
    return shares;
  }

  AttemptsInFlight inFlight() {
    return inFlight;
  }

  int inFlightCount() {
    return inFlight.count();
  }

  /** Adds a queue to those with startable deliveries, or removes it. */
  void put(WebhookQueue queue, boolean starts) {
    ready.put(queue, starts);
  }

  /** The queue of the webhook whose turn it is; null if none may start an attempt. */
  @Nullable
  WebhookQueue next() {
    return inFlight.count() < size ? ready.first(this::mayStart) : null;
  }

  /** How many deliveries could be started now. */
  int startable(Instant now) {
    int free = size - inFlight.count();
    return free <= 0 ? 0 : ready.startable(free, this::mayStart, now);
  }

  private boolean mayStart(WebhookQueue queue) {
    int count = inFlight.count();
    if (count >= size - size / LAST_SHARE && !queue.isTrusted()) {
      return false;
    }
    return queue.isQuick()
        ? count < SlotShares.shared(size) || queue.inFlight() < GUARANTEED_PLACES
        : shares.hasRoomFor(queue.share(queue.inFlight()), queue.share(queue.inFlight() + 1));
  }

  /** When the next attempt becomes slow, if others could start then; otherwise null. */
  @Nullable
  Instant nextOverdue(boolean othersWait) {
    return othersWait || ready.hasOthers() ? inFlight.nextOverdue() : null;
  }
}
