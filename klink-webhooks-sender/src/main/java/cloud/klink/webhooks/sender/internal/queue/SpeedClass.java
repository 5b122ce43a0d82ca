package cloud.klink.webhooks.sender.internal.queue;

/** The speed of a webhook, which decides the slots that it may use. */
enum SpeedClass {
  /** It has answered on this node, and its recent attempts were quick. */
  QUICK,

  /**
   * It has not answered on this node, and none of its attempts has taken more than a second. Slots
   * are reserved for its first attempt that slow webhooks cannot use.
   */
  NEW,

  /** One of its attempts takes, or recently took, more than a second. */
  SLOW
}
