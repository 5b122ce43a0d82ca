package cloud.klink.webhooks.sender.manage;

import cloud.klink.webhooks.WebhookException;

/** There is no webhook of an id, or not any more. */
public final class UnknownWebhookException extends WebhookException {
  private static final long serialVersionUID = 1L;

  UnknownWebhookException(String id) {
    super(id + ": there is no such webhook, or not any more", null);
  }

  /**
   * {@inheritDoc}
   *
   * @return always {@link WebhookReason#UNKNOWN}
   */
  @Override
  public WebhookReason reason() {
    return WebhookReason.UNKNOWN;
  }
}
