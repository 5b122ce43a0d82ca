package cloud.klink.webhooks.sender.internal.queue;

import java.util.HashMap;
import java.util.Map;

/**
 * How webhooks that are not {@link SpeedClass#QUICK} share the slots of a node. Of 64 slots
 *
 * <ul>
 *   <li>all of them hold at most 48, three quarters;
 *   <li>the slow ones hold at most 40 of these, so that one whose first event was just published
 *       begins at once. What waited when the node started counts as slow, and so do all attempts
 *       but the first of a webhook that is new;
 *   <li>of those further attempts there are at most 16, a quarter, so that many are tried;
 *   <li>the slow ones of one host hold at most 24, three eighths.
 * </ul>
 *
 * <p>Used by {@link DispatchQueue} only, under its lock: once for what is in flight, and once for
 * all that is in memory, so that no queue keeps others out.
 */
final class SlotShares {
  private final int most;
  private final int mostSlow;
  private final int mostFurther;
  private final int mostOfHost;
  private final Map<String, Integer> hosts = new HashMap<>();
  private int all;
  private int slow;
  private int further;

  SlotShares(int slots) {
    this.most = shared(slots);
    this.mostSlow = Math.max(1, most - slots / 8);
    this.mostFurther = Math.max(1, slots / 4);
    this.mostOfHost = Math.max(1, slots * 3 / 8);
  }

  private SlotShares(SlotShares other) {
    this.most = other.most;
    this.mostSlow = other.mostSlow;
    this.mostFurther = other.mostFurther;
    this.mostOfHost = other.mostOfHost;
    this.hosts.putAll(other.hosts);
    this.all = other.all;
    this.slow = other.slow;
    this.further = other.further;
  }

  /** Three quarters of so many slots. */
  static int shared(int slots) {
    return Math.max(1, slots * 3 / 4);
  }

  SlotShares copy() {
    return new SlotShares(this);
  }

  int all() {
    return all;
  }

  /** Whether something can be admitted, of whatever webhook. */
  boolean hasRoom() {
    return all < most;
  }

  /** Whether something can be admitted that counts as slow. */
  boolean hasRoomForSlow() {
    return all < most && slow < mostSlow;
  }

  /** Whether a share may grow to another, which is greater by one. */
  boolean admits(SlotShare from, SlotShare to) {
    return to.all() == from.all()
        || (all < most
            && (to.slow() <= from.slow() || slow < mostSlow)
            && (to.further() <= from.further() || further < mostFurther)
            && (to.host().isEmpty() || hosts.getOrDefault(to.host(), 0) < mostOfHost));
  }

  void replace(SlotShare from, SlotShare to) {
    if (from.equals(to)) {
      return;
    }
    all += to.all() - from.all();
    slow += to.slow() - from.slow();
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
