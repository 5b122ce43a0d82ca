package cloud.klink.webhooks.sender.internal.queue;

import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import java.time.Duration;

/**
 * How much more may be in memory, in deliveries and in bytes, and for which webhooks. Used by
 * {@link DispatchQueue} only, under its lock.
 */
final class QueueCapacity {
  /** The weight of the newest delivery in the average length of bodies. */
  private static final double WEIGHT = 0.1;

  /** A claim requests this many times the deliveries that usually reach the byte limit. */
  private static final int SPARE = 2;

  private final DispatchSettings settings;
  private final AttemptSlots slots;
  private final SlotShares shares;
  private final PrefetchEstimator prefetch = new PrefetchEstimator();
  private int queued;
  private int reserved;
  private long bytes;
  private double usualBytes = DispatchSettings.weight(0);

  QueueCapacity(AttemptSlots slots, DispatchSettings settings) {
    this.slots = slots;
    this.settings = settings;
    this.shares = new SlotShares(slots.size());
  }

  SlotShares shares() {
    return shares;
  }

  /** A delivery is queued. */
  void queue(QueuedDelivery delivery) {
    queued++;
    bytes += weight(delivery);
    usualBytes += WEIGHT * (weight(delivery) - usualBytes);
  }

  /** A queued delivery is started; its body stays in memory. */
  void start() {
    queued--;
  }

  /** A queued delivery is given up. */
  void giveUp(QueuedDelivery delivery) {
    queued--;
    bytes -= weight(delivery);
  }

  /** A started delivery has ended. */
  void end(QueuedDelivery delivery) {
    bytes -= weight(delivery);
  }

  private static long weight(QueuedDelivery delivery) {
    return DispatchSettings.weight(delivery.bytes());
  }

  int queued() {
    return queued;
  }

  /** Whether there is room for a body of this length that is being published. */
  boolean hasRoomFor(long body) {
    return DispatchSettings.weight(body) <= freeBytes();
  }

  /** A place is taken for a body of this length. */
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

  /** How many bytes a claim may bring. */
  long claimBytes() {
    return Math.max(1, Math.min(freeBytes(), settings.maxClaimBytes()));
  }

  /**
   * About how many deliveries fill a claim. A storage may have to read as many as are requested.
   */
  int enough() {
    return (int) Math.min(Integer.MAX_VALUE, 1 + SPARE * claimBytes() / usualBytes);
  }

  /** Whether enough is free to make a claim worthwhile. */
  boolean isWide() {
    return room() >= capacity() / 2 && freeBytes() >= settings.maxClaimBytes();
  }

  /**
   * Counts the duration of an attempt. Slow webhooks are not prefetched, so slow attempts do not
   * count.
   */
  void took(Duration attempt) {
    if (attempt.compareTo(EndpointSpeed.SLOW) <= 0) {
      prefetch.add(attempt);
    }
  }

  /** How many deliveries there should be, given the duration of attempts. */
  int capacity() {
    return slots.size()
        + prefetch.ahead(Math.max(1, slots.size() - slots.shares().all()), settings.localQueue());
  }

  /** How many more deliveries there should be, over all webhooks. */
  int room() {
    return Math.min(left(), capacity() - all());
  }

  /** How many more deliveries there may be. A single delivery may have any size. */
  int left() {
    boolean hasBytes = freeBytes() > 0 || all() == 0;
    return hasBytes ? slots.size() + settings.localQueue() - all() : 0;
  }

  private int all() {
    return slots.inFlightCount() + queued + reserved;
  }

  /** Whether a quick webhook has a place, however much others hold. */
  boolean enters(WebhookQueue queue) {
    return queue.held() < AttemptSlots.MANY && left() > 0;
  }

  /** Whether a webhook that is not quick has a place. */
  boolean admits(WebhookQueue queue) {
    return left() > 0 && shares.admits(queue.share(queue.held()), queue.share(queue.held() + 1));
  }

  /** Whether a webhook that is not quick has a place while an untried one is waiting. */
  boolean admitsBesideNew(WebhookQueue queue) {
    return left() > 0
        && shares.admitsBesideNew(queue.share(queue.held()), queue.share(queue.held() + 1));
  }

  /**
   * Whether a webhook that is not quick has a place for a claimed delivery. An untried one may use
   * either share: that of the latest or that of the longest-waiting.
   *
   * @param isProbe whether it is a probe, of which there are only a few
   */
  boolean takes(WebhookQueue queue, boolean isProbe) {
    if (isProbe) {
      return left() > 0
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
