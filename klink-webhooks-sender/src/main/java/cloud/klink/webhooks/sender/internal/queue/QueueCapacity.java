package cloud.klink.webhooks.sender.internal.queue;

import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import java.time.Duration;

/**
 * The capacity of the queues in memory, in deliveries and in bytes, and which webhooks may use it.
 * Used by {@link DispatchQueue} only, under its lock.
 */
final class QueueCapacity {
  /** The weight of the newest delivery in the average length of bodies. */
  private static final double NEWEST_WEIGHT = 0.1;

  /** A claim requests this many times the deliveries that usually fill it. */
  private static final int REQUEST_FACTOR = 2;

  private final DispatchSettings settings;
  private final AttemptSlots slots;
  private final SlotShares shares;
  private final PrefetchEstimator prefetch = new PrefetchEstimator();
  private int queued;
  private int reserved;
  private long bytes;
  private double averageBytes = DispatchSettings.weight(0);

  QueueCapacity(AttemptSlots slots, DispatchSettings settings) {
    this.slots = slots;
    this.settings = settings;
    this.shares = new SlotShares(slots.size());
  }

  SlotShares shares() {
    return shares;
  }

  /** Counts a delivery that is queued. */
  void queue(QueuedDelivery delivery) {
    queued++;
    bytes += weight(delivery);
    averageBytes += NEWEST_WEIGHT * (weight(delivery) - averageBytes);
  }

  /** Counts a queued delivery that is started; its body stays in memory. */
  void start() {
    queued--;
  }

  /** Counts a queued delivery that is dropped. */
  void drop(QueuedDelivery delivery) {
    queued--;
    bytes -= weight(delivery);
  }

  /** Counts a started delivery that has ended. */
  void end(QueuedDelivery delivery) {
    bytes -= weight(delivery);
  }

  private static long weight(QueuedDelivery delivery) {
    return DispatchSettings.weight(delivery.bytes());
  }

  int queued() {
    return queued;
  }

  /** Whether there is room for a body of this length. */
  boolean hasRoomFor(long body) {
    return DispatchSettings.weight(body) <= freeBytes();
  }

  /** Reserves a place for a body of this length. */
  void reserve(long body) {
    reserved++;
    bytes += DispatchSettings.weight(body);
  }

  void unreserve(long body) {
    reserved--;
    bytes -= DispatchSettings.weight(body);
  }

  private long freeBytes() {
    return settings.maxBytes() - bytes;
  }

  /** The most bytes that a claim may return. */
  long claimBytes() {
    return Math.max(1, Math.min(freeBytes(), settings.maxClaimBytes()));
  }

  /**
   * Roughly how many deliveries fill a claim. A storage may have to read as many as are requested.
   */
  int usualClaimSize() {
    return (int) Math.min(Integer.MAX_VALUE, 1 + REQUEST_FACTOR * claimBytes() / averageBytes);
  }

  /** Whether there is enough room to make a claim worthwhile. */
  boolean hasRoomForClaim() {
    return room() >= capacity() / 2 && freeBytes() >= settings.maxClaimBytes();
  }

  /**
   * Counts the duration of an attempt. Slow webhooks are not prefetched, so slow attempts do not
   * count.
   */
  void addDuration(Duration attempt) {
    if (attempt.compareTo(EndpointSpeed.SLOW_AFTER) <= 0) {
      prefetch.add(attempt);
    }
  }

  /** The number of deliveries to keep in memory, given the duration of attempts. */
  int capacity() {
    return slots.size()
        + prefetch.ahead(Math.max(1, slots.size() - slots.shares().all()), settings.localQueue());
  }

  /** How many more deliveries to claim, over all webhooks. */
  int room() {
    return Math.min(remaining(), capacity() - total());
  }

  /** How many more deliveries the limits allow. A single delivery may have any size. */
  int remaining() {
    boolean hasBytes = freeBytes() > 0 || total() == 0;
    return hasBytes ? slots.size() + settings.localQueue() - total() : 0;
  }

  private int total() {
    return slots.inFlightCount() + queued + reserved;
  }

  /** Whether a quick webhook has one of its guaranteed places left. */
  boolean hasGuaranteedPlace(WebhookQueue queue) {
    return queue.held() < AttemptSlots.GUARANTEED_PLACES && remaining() > 0;
  }

  /** Whether a webhook that is not quick has a place. */
  boolean admits(WebhookQueue queue) {
    return remaining() > 0
        && shares.admits(queue.share(queue.held()), queue.share(queue.held() + 1));
  }

  /** Whether a webhook that is not quick has a place while an untried one is waiting. */
  boolean admitsBesideNew(WebhookQueue queue) {
    return remaining() > 0
        && shares.admitsBesideNew(queue.share(queue.held()), queue.share(queue.held() + 1));
  }

  /**
   * Whether a webhook that is not quick has a place for a claimed delivery. An untried one may use
   * either share: that of the latest or that of the longest-waiting.
   *
   * @param isProbe whether it is a probe, of which there are only a few
   */
  boolean admitsClaimed(WebhookQueue queue, boolean isProbe) {
    if (isProbe) {
      return remaining() > 0
          && shares.hasRoomFor(queue.share(queue.held()), queue.share(queue.held() + 1));
    }
    boolean admits = admits(queue);
    if (!admits && queue.isUntried()) {
      queue.setLatest(!queue.isLatest());
      admits = admits(queue);
    }
    return admits;
  }
}
