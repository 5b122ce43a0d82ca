package cloud.klink.webhooks.sender.internal.queue;

/**
 * What a webhook that is not {@link SpeedClass#QUICK} takes of the slots that such webhooks share.
 *
 * @param latest 1 if it is new and has its first place as one of those that came last
 * @param earliest 1 if it is new and has its first place as one of those that wait longest
 * @param slow how many slots more it has: all of them if it is slow
 * @param begun how many of these it has not had for long enough to be slow itself, if it is slow
 * @param further how many of these it has while it is new
 * @param host where it counts as slow; empty if it is new
 */
record SlotShare(int latest, int earliest, int slow, int begun, int further, String host) {
  static final SlotShare NONE = new SlotShare(0, 0, 0, 0, 0, "");

  /** That of a webhook of which nothing is known, which has so many places. */
  static SlotShare ofNew(boolean isLatest, int count) {
    return new SlotShare(isLatest ? 1 : 0, isLatest ? 0 : 1, count - 1, 0, count - 1, "");
  }

  /**
   * That of a webhook that is slow.
   *
   * @param overdue how many of its attempts are slow themselves
   */
  static SlotShare ofSlow(String host, int count, int overdue) {
    return new SlotShare(0, 0, count, Math.max(0, count - overdue), 0, host);
  }

  /** How many slots it takes. */
  int all() {
    return latest + earliest + slow;
  }
}
