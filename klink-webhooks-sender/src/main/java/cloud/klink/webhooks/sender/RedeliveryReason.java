package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.Reason;

/** Why a delivery was not repeated. */
public enum RedeliveryReason implements Reason {
  /** There is no such delivery, or not any more. */
  UNKNOWN_DELIVERY("unknown_delivery"),

  /** Its webhook was deleted. */
  WEBHOOK_GONE("webhook_gone"),

  /** Its event is not stored any more. */
  EVENT_GONE("event_gone");

  private final String code;

  RedeliveryReason(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }
}
