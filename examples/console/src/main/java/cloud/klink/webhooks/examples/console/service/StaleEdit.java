package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.sender.webhook.Webhook;

/** Somebody else has changed a webhook since an edit of it was begun. Nothing was changed. */
public final class StaleEdit extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is stored; transient, for no exception of this kind is ever serialized. */
  private final transient Webhook stored;

  StaleEdit(Webhook stored) {
    super("Webhook " + stored.id() + " has version " + stored.version() + " by now");
    this.stored = stored;
  }

  /**
   * What is stored by now.
   *
   * @return the webhook
   */
  public Webhook stored() {
    return stored;
  }
}
