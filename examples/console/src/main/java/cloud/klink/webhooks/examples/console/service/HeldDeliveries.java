package cloud.klink.webhooks.examples.console.service;

/** What becomes of the deliveries that a paused webhook held. */
public enum HeldDeliveries {
  /** They are delivered now. */
  DELIVER,

  /** They are ended without being sent. */
  DISCARD
}
