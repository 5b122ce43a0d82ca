package cloud.klink.webhooks.sender.webhook;

import cloud.klink.webhooks.Reason;

/** Why a change of a webhook was refused. */
enum WebhookReason implements Reason {
  /** What was entered breaks rules; the exception tells all of them. */
  INVALID_WEBHOOK("invalid_webhook"),

  /** The webhook was changed since it was read. */
  STALE_WEBHOOK("stale_webhook"),

  /** There is no such webhook, or not any more. */
  UNKNOWN_WEBHOOK("unknown_webhook");

  private final String code;

  WebhookReason(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }
}
