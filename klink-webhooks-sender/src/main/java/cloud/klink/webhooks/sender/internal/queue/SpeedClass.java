package cloud.klink.webhooks.sender.internal.queue;

/** What is known of a webhook's speed, which decides the slots that it may get. */
enum SpeedClass {
  /** It has answered on this node, and has not held slots for long recently. */
  QUICK,

  /**
   * It has not answered on this node, and no attempt of it has taken more than a second. Slots are
   * kept for its first attempt that no slow webhook takes.
   */
  NEW,

  /** An attempt of it has been in flight for more than a second, now or recently. */
  SLOW
}
