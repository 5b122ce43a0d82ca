package cloud.klink.webhooks.sender.dispatch;

import java.time.Duration;

/** How much more may be in memory, and of whom. Used by {@link Lanes} only, under its lock. */
final class Memory {
  private final Slots slots;
  private final Shares shares;
  private final Pace pace = new Pace();
  private final int localQueue;
  private int queued;
  private int reserved;

  Memory(Slots slots, int localQueue) {
    this.slots = slots;
    this.localQueue = localQueue;
    this.shares = new Shares(slots.size());
  }

  Shares shares() {
    return shares;
  }

  /** So many more are queued. */
  void queue(int count) {
    queued += count;
  }

  int queued() {
    return queued;
  }

  /** So many more places are taken. */
  void reserve(int count) {
    reserved += count;
  }

  /** How long an attempt took. Of slow ones nothing is fetched ahead, so they do not count. */
  void took(Duration attempt) {
    if (attempt.compareTo(Standing.SLOW) <= 0) {
      pace.add(attempt);
    }
  }

  /** How much there should be, as quick as attempts are. */
  int capacity() {
    return slots.size() + pace.ahead(Math.max(1, slots.size() - slots.shares().all()), localQueue);
  }

  /** How much more there should be, whoever's it is. */
  int room() {
    return Math.min(left(), capacity() - all());
  }

  /** How much more there may be at all. */
  int left() {
    return slots.size() + localQueue - all();
  }

  private int all() {
    return slots.inFlightCount() + queued + reserved;
  }

  /** Whether a quick one finds a place however much others have. */
  boolean enters(Lane lane) {
    return lane.held() < Slots.MANY && left() > 0;
  }

  /** Whether one that is not quick finds a place. */
  boolean admits(Lane lane) {
    return left() > 0 && shares.admits(lane.share(lane.held()), lane.share(lane.held() + 1));
  }
}
