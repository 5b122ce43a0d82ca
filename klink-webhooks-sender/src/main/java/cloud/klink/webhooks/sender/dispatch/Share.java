package cloud.klink.webhooks.sender.dispatch;

/**
 * What a webhook that is not {@link Kind#QUICK} takes of the slots that such webhooks share.
 *
 * @param all how many
 * @param slow how many of them count as slow: all but the first of one that is new
 * @param further how many of one that is new, beside its first
 * @param host where it counts as slow; empty if it is new
 */
record Share(int all, int slow, int further, String host) {
  static final Share NONE = new Share(0, 0, 0, "");

  /**
   * The share of a webhook.
   *
   * @param hasWaited whether what it has was waiting when this node started
   * @param count how much of it there is
   */
  static Share of(Kind kind, boolean hasWaited, String host, int count) {
    if (kind == Kind.QUICK || count == 0) {
      return NONE;
    }
    return kind == Kind.NEW
        ? new Share(count, hasWaited ? count : count - 1, count - 1, "")
        : new Share(count, count, 0, host);
  }
}
