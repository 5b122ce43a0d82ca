package cloud.klink.webhooks.sender.internal.queue;

import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import java.time.Duration;

/**
 * How much more may be in memory, in deliveries and in bytes, and of whom. Used by
 * {@link DispatchQueue} only, under its lock.
 */
final class QueueCapacity {
  /** What the newest delivery counts when it is told how long bodies usually are. */
  private static final double WEIGHT = 0.1;

  /** So many times as many deliveries are asked for as would usually reach the limit of bytes. */
  private static final int SPARE = 2;

  private final DispatchSettings settings;
  private final AttemptSlots slots;
  private final SlotShares shares;
  private final PrefetchEstimator pace = new PrefetchEstimator();
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

  /** A job is queued. */
  void queue(QueuedDelivery job) {
    queued++;
    bytes += weight(job);
    usualBytes += WEIGHT * (weight(job) - usualBytes);
  }

  /** A job that was queued is started; its body stays. */
  void start() {
    queued--;
  }

  /** A job that was queued is given up. */
  void giveUp(QueuedDelivery job) {
    queued--;
    bytes -= weight(job);
  }

  /** A job that was started has ended. */
  void end(QueuedDelivery job) {
    bytes -= weight(job);
  }

  private static long weight(QueuedDelivery job) {
    return DispatchSettings.weight(job.bytes());
  }

  int queued() {
    return queued;
  }

  /** Whether there is room for a body of that length that is being published. */
  boolean hasRoomFor(long body) {
    return DispatchSettings.weight(body) <= freeBytes();
  }

  /** A place is taken for a body of that length. */
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
   * About how many deliveries have so many bytes: a storage may have to look at all it is asked.
   */
  int enough() {
    return (int) Math.min(Integer.MAX_VALUE, 1 + SPARE * claimBytes() / usualBytes);
  }

  /** Whether so much is free that a claim is worth its while. */
  boolean isWide() {
    return room() >= capacity() / 2 && freeBytes() >= settings.maxClaimBytes();
  }

  /** How long an attempt took. Of slow ones nothing is fetched ahead, so they do not count. */
  void took(Duration attempt) {
    if (attempt.compareTo(EndpointSpeed.SLOW) <= 0) {
      pace.add(attempt);
    }
  }

  /** How much there should be, as quick as attempts are. */
  int capacity() {
    return slots.size()
        + pace.ahead(Math.max(1, slots.size() - slots.shares().all()), settings.localQueue());
  }

  /** How much more there should be, of all webhooks together. */
  int room() {
    return Math.min(left(), capacity() - all());
  }

  /** How much more there may be at all. What is alone may be of any size. */
  int left() {
    boolean hasBytes = freeBytes() > 0 || all() == 0;
    return hasBytes ? slots.size() + settings.localQueue() - all() : 0;
  }

  private int all() {
    return slots.inFlightCount() + queued + reserved;
  }

  /** Whether a quick one finds a place however much others have. */
  boolean enters(WebhookQueue queue) {
    return queue.held() < AttemptSlots.MANY && left() > 0;
  }

  /** Whether one that is not quick finds a place. */
  boolean admits(WebhookQueue queue) {
    return left() > 0 && shares.admits(queue.share(queue.held()), queue.share(queue.held() + 1));
  }

  /** Whether it does while one of which nothing is known waits. */
  boolean admitsBesideNew(WebhookQueue queue) {
    return left() > 0
        && shares.admitsBesideNew(queue.share(queue.held()), queue.share(queue.held() + 1));
  }

  /**
   * Whether one that is not quick finds a place for what was claimed of it: if nothing is known of
   * it, as one of those that came last or of those that wait longest.
   *
   * @param isProbe whether it is a probe, of which there are few anyway
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
