package cloud.klink.webhooks.sender.internal.queue;

import java.util.HashMap;
import java.util.Map;

/**
 * How webhooks that are not {@link SpeedClass#QUICK} share the slots of a node. Of 64 slots
 *
 * <ul>
 *   <li>all webhooks that are not quick hold at most 48, three quarters;
 *   <li>slow webhooks hold at most 40 of these. All attempts of a new webhook except its first
 *       count as slow, and there are at most 16 of them, a quarter;
 *   <li>slow webhooks of one host hold at most 24, three eighths.
 * </ul>
 *
 * <p>New webhooks are tried a few at a time, since one that hangs is slow a second later and keeps
 * its slot until it times out. In one second, at most half of what the slow webhooks leave of the
 * 48 is begun, so that something is always left: a quarter for the longest-waiting new webhooks, a
 * sixth for the latest, and a twelfth for slow ones while a new one is waiting; at least two, two
 * and one. None of the three delays the others.
 *
 * <p>Used by {@link DispatchQueue} only, under its lock: once for attempts in flight, and once for
 * everything in memory, so that no queue keeps others out.
 */
final class SlotShares {
  private static final int EARLIEST_DIVISOR = 4;
  private static final int LATEST_DIVISOR = 6;
  private static final int SLOW_DIVISOR = 12;

  private final int slots;
  private final int max;
  private final int maxSlow;
  private final int maxFurther;
  private final int maxOfHost;
  private final int minOfNew;
  private final Map<String, Integer> hosts = new HashMap<>();
  private int latest;
  private int earliest;
  private int slow;
  private int begun;
  private int further;

  SlotShares(int slots) {
    this.slots = slots;
    this.max = shared(slots);
    this.maxSlow = Math.max(1, max - slots / 8);
    this.maxFurther = Math.max(1, slots / 4);
    this.maxOfHost = Math.max(1, slots * 3 / 8);
    this.minOfNew = Math.max(1, slots / 32);
  }

  /** Three quarters of a number of slots. */
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

  /** Whether any webhook can be admitted. */
  boolean hasRoom() {
    return all() < max;
  }

  /** Whether a new webhook can be admitted in the share of the longest-waiting. */
  boolean hasRoomForNew() {
    return hasRoom() && earliest < maxEarliest();
  }

  private int maxEarliest() {
    return Math.max(minOfNew, (max - slow) / EARLIEST_DIVISOR);
  }

  private int maxLatest() {
    return Math.max(minOfNew, (max - slow) / LATEST_DIVISOR);
  }

  private int maxBegun() {
    return Math.max(1, (max - slow) / SLOW_DIVISOR);
  }

  /** Whether a share may grow to another that is larger by one. */
  boolean admits(SlotShare from, SlotShare to) {
    return hasRoomFor(from, to)
        && (to.latest() <= from.latest() || latest < maxLatest())
        && (to.earliest() <= from.earliest() || earliest < maxEarliest());
  }

  /** Whether it may while a new webhook is waiting for its first place. */
  boolean admitsBesideNew(SlotShare from, SlotShare to) {
    return admits(from, to)
        && to.further() <= from.further()
        && (to.begun() <= from.begun() || begun < maxBegun());
  }

  /** Whether it may, however many new webhooks are being tried. */
  boolean hasRoomFor(SlotShare from, SlotShare to) {
    return to.all() == from.all()
        || (hasRoom()
            && (to.slow() <= from.slow() || slow < maxSlow)
            && (to.further() <= from.further() || further < maxFurther)
            && (to.host().isEmpty() || hosts.getOrDefault(to.host(), 0) < maxOfHost));
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
