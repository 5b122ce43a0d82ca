package cloud.klink.webhooks.sender.internal.queue;

/** What is known of a webhook, as far as it matters for who gets a slot. */
enum SpeedClass {
  /** It has answered on this node, and has not held slots for long of late. */
  QUICK,

  /**
   * It has not answered on this node, and no attempt of it has taken more than a second. Its first
   * attempt has slots that no slow one takes.
   */
  NEW,

  /** An attempt of it has been in flight for more than a second, or was of late. */
  SLOW
}
