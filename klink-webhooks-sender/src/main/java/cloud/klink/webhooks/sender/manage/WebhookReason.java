package cloud.klink.webhooks.sender.manage;

import cloud.klink.webhooks.Reason;

/** Why something could not be done to a webhook. */
public enum WebhookReason implements Reason {
  /** What was entered breaks rules. */
  INVALID("invalid_webhook"),

  /** Somebody has changed the webhook since it was read. */
  STALE("stale_webhook"),

  /** There is no webhook of that id, or not any more. */
  UNKNOWN("unknown_webhook");

  private final String code;

  WebhookReason(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }
}
