package cloud.klink.webhooks.sender.manage;

import cloud.klink.webhooks.WebhookException;

/**
 * Somebody has changed a webhook since it was read; nothing was changed. Read it and edit again.
 */
public final class StaleWebhookException extends WebhookException {
  private static final long serialVersionUID = 1L;

  StaleWebhookException(String id, long version) {
    super(
        id + ": version " + version + " is not the newest any more; read the webhook and edit it"
            + " again",
        null);
  }

  /**
   * {@inheritDoc}
   *
   * @return always {@link WebhookReason#STALE}
   */
  @Override
  public WebhookReason reason() {
    return WebhookReason.STALE;
  }
}
