package cloud.klink.webhooks.sender.webhook;

/** What becomes of the deliveries that a paused webhook held. */
public enum HeldDeliveries {
  /** They are delivered now. */
  DELIVER,

  /** They are ended without being sent, and stay in the log as discarded. */
  DISCARD
}
