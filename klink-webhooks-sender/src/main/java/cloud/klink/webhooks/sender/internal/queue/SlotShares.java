package cloud.klink.webhooks.sender.internal.queue;

import java.util.HashMap;
import java.util.Map;

/**
 * How webhooks that are not {@link SpeedClass#QUICK} share the slots of a node. Of 64 slots
 *
 * <ul>
 *   <li>all of them hold at most 48, three quarters;
 *   <li>the slow ones hold at most 40 of these. All attempts but the first of one that is new count
 *       as slow, and there are at most 16 of them, a quarter;
 *   <li>the slow ones of one host hold at most 24, three eighths.
 * </ul>
 *
 * <p>Webhooks that are new are tried a few at a time, for each that hangs is slow a second later
 * and keeps its slot until it times out. In one second, no more is begun than half of what the slow
 * ones leave of the 48, so that something is always left: a quarter for those new ones that wait
 * longest, a sixth for those that came last, and a twelfth for the slow ones, as long as a new one
 * waits; at least two, two and one. None of these three holds up the others.
 *
 * <p>Used by {@link DispatchQueue} only, under its lock: once for what is in flight, and once for
 * all that is in memory, so that no queue keeps others out.
 */
final class SlotShares {
  private static final int PART_OF_EARLIEST = 4;
  private static final int PART_OF_LATEST = 6;
  private static final int PART_OF_SLOW = 12;

  private final int slots;
  private final int most;
  private final int mostSlow;
  private final int mostFurther;
  private final int mostOfHost;
  private final int leastOfNew;
  private final Map<String, Integer> hosts = new HashMap<>();
  private int latest;
  private int earliest;
  private int slow;
  private int begun;
  private int further;

  SlotShares(int slots) {
    this.slots = slots;
    this.most = shared(slots);
    this.mostSlow = Math.max(1, most - slots / 8);
    this.mostFurther = Math.max(1, slots / 4);
    this.mostOfHost = Math.max(1, slots * 3 / 8);
    this.leastOfNew = Math.max(1, slots / 32);
  }

  /** Three quarters of so many slots. */
  static int shared(int slots) {
    return Math.max(1, slots * 3 / 4);
  }

  SlotShares copy() {
    SlotShares copy = new SlotShares(slots);
    copy.hosts.putAll(hosts);
    copy.latest = latest;
    copy.earliest = earliest;
    copy.slow = slow;
    copy.begun = begun;
    copy.further = further;
    return copy;
  }

  int all() {
    return latest + earliest + slow;
  }

  /** Whether something can be admitted, of whatever webhook. */
  boolean hasRoom() {
    return all() < most;
  }

  /** Whether one that is new can be admitted, as one of those that wait longest. */
  boolean hasRoomForNew() {
    return hasRoom() && earliest < mostEarliest();
  }

  private int mostEarliest() {
    return Math.max(leastOfNew, (most - slow) / PART_OF_EARLIEST);
  }

  private int mostLatest() {
    return Math.max(leastOfNew, (most - slow) / PART_OF_LATEST);
  }

  private int mostBegun() {
    return Math.max(1, (most - slow) / PART_OF_SLOW);
  }

  /** Whether a share may grow to another, which is greater by one. */
  boolean admits(SlotShare from, SlotShare to) {
    return hasRoomFor(from, to)
        && (to.latest() <= from.latest() || latest < mostLatest())
        && (to.earliest() <= from.earliest() || earliest < mostEarliest());
  }

  /** Whether it may while one that is new waits for its first place. */
  boolean admitsBesideNew(SlotShare from, SlotShare to) {
    return admits(from, to)
        && to.further() <= from.further()
        && (to.begun() <= from.begun() || begun < mostBegun());
  }

  /** Whether it may, however many new ones are tried at the moment. */
  boolean hasRoomFor(SlotShare from, SlotShare to) {
    return to.all() == from.all()
        || (hasRoom()
            && (to.slow() <= from.slow() || slow < mostSlow)
            && (to.further() <= from.further() || further < mostFurther)
            && (to.host().isEmpty() || hosts.getOrDefault(to.host(), 0) < mostOfHost));
  }

  void replace(SlotShare from, SlotShare to) {
    if (from.equals(to)) {
      return;
    }
    latest += to.latest() - from.latest();
    earliest += to.earliest() - from.earliest();
    slow += to.slow() - from.slow();
    begun += to.begun() - from.begun();
    further += to.further() - from.further();
    count(from.host(), -from.all());
    count(to.host(), to.all());
  }

  private void count(String host, int count) {
    if (!host.isEmpty() && count != 0) {
      hosts.merge(host, count, (one, other) -> one + other == 0 ? null : one + other);
    }
  }
}
