package cloud.klink.webhooks.sender.internal.queue;

/**
 * What a webhook that is not {@link SpeedClass#QUICK} takes of the slots that such webhooks share.
 *
 * @param all how many
 * @param slow how many of them count as slow: all but the first of one that is new
 * @param further how many of one that is new, beside its first
 * @param host where it counts as slow; empty if it is new
 */
record SlotShare(int all, int slow, int further, String host) {
  static final SlotShare NONE = new SlotShare(0, 0, 0, "");

  /**
   * The share of a webhook.
   *
   * @param hasWaited whether what it has was waiting when this node started
   * @param count how much of it there is
   */
  static SlotShare of(SpeedClass kind, boolean hasWaited, String host, int count) {
    if (kind == SpeedClass.QUICK || count == 0) {
      return NONE;
    }
    return kind == SpeedClass.NEW
        ? new SlotShare(count, hasWaited ? count : count - 1, count - 1, "")
        : new SlotShare(count, count, 0, host);
  }
}
