package cloud.klink.webhooks.sender.dispatch;

import java.time.Duration;

/**
 * How much more may be in memory, in deliveries and in bytes, and of whom. Used by {@link Lanes}
 * only, under its lock.
 */
final class Memory {
  /** What the newest delivery counts when it is told how long bodies usually are. */
  private static final double WEIGHT = 0.1;

  /** So many times as many deliveries are asked for as would usually reach the limit of bytes. */
  private static final int SPARE = 2;

  private final Settings settings;
  private final Slots slots;
  private final Shares shares;
  private final Pace pace = new Pace();
  private int queued;
  private int reserved;
  private long bytes;
  private double usualBytes = Settings.weight(0);

  Memory(Slots slots, Settings settings) {
    this.slots = slots;
    this.settings = settings;
    this.shares = new Shares(slots.size());
  }

  Shares shares() {
    return shares;
  }

  /** A job is queued. */
  void queue(Job job) {
    queued++;
    bytes += weight(job);
    usualBytes += WEIGHT * (weight(job) - usualBytes);
  }

  /** A job that was queued is started; its body stays. */
  void start() {
    queued--;
  }

  /** A job that was queued is given up. */
  void giveUp(Job job) {
    queued--;
    bytes -= weight(job);
  }

  /** A job that was started has ended. */
  void end(Job job) {
    bytes -= weight(job);
  }

  private static long weight(Job job) {
    return Settings.weight(job.bytes());
  }

  int queued() {
    return queued;
  }

  /** Whether there is room for a body of that length that is being published. */
  boolean hasRoomFor(long body) {
    return Settings.weight(body) <= freeBytes();
  }

  /** A place is taken for a body of that length. */
  void reserve(long body) {
    reserved++;
    bytes += Settings.weight(body);
  }

  void unreserve(long body) {
    reserved--;
    bytes -= Settings.weight(body);
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
    if (attempt.compareTo(Standing.SLOW) <= 0) {
      pace.add(attempt);
    }
  }

  /** How much there should be, as quick as attempts are. */
  int capacity() {
    return slots.size()
        + pace.ahead(Math.max(1, slots.size() - slots.shares().all()), settings.localQueue());
  }

  /** How much more there should be, whoever's it is. */
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
  boolean enters(Lane lane) {
    return lane.held() < Slots.MANY && left() > 0;
  }

  /** Whether one that is not quick finds a place. */
  boolean admits(Lane lane) {
    return left() > 0 && shares.admits(lane.share(lane.held()), lane.share(lane.held() + 1));
  }
}
