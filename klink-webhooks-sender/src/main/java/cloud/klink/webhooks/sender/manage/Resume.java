package cloud.klink.webhooks.sender.manage;

/** What becomes of the deliveries that were held while a webhook was paused. */
public enum Resume {
  /** They are sent: what is due at once, retries when they are due. */
  DELIVER,

  /** They are given up, and stay in the log as discarded. */
  DISCARD
}
