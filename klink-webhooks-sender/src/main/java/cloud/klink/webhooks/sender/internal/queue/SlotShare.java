package cloud.klink.webhooks.sender.internal.queue;

/**
 * The slots that a webhook that is not {@link SpeedClass#QUICK} uses of those that such webhooks
 * share.
 *
 * @param latest 1 if it is new and has its first place in the share of the latest
 * @param earliest 1 if it is new and has its first place in the share of the longest-waiting
 * @param slow how many other slots it has: all of them if it is slow
 * @param begun if it is slow, how many of these belong to attempts that are not slow themselves yet
 * @param further how many of these it has as a new webhook
 * @param host the host to which its slow attempts count; empty if it is new
 */
record SlotShare(int latest, int earliest, int slow, int begun, int further, String host) {
  static final SlotShare NONE = new SlotShare(0, 0, 0, 0, 0, "");

  /** The share of a new webhook with this many places. */
  static SlotShare ofNew(boolean isLatest, int count) {
    return new SlotShare(isLatest ? 1 : 0, isLatest ? 0 : 1, count - 1, 0, count - 1, "");
  }

  /**
   * The share of a slow webhook.
   *
   * @param overdue how many of its attempts are slow themselves
   */
  static SlotShare ofSlow(String host, int count, int overdue) {
    return new SlotShare(0, 0, count, Math.max(0, count - overdue), 0, host);
  }

  /** The number of slots that it uses. */
  int all() {
    return latest + earliest + slow;
  }
}
