package cloud.klink.webhooks.sender.webhook;

import cloud.klink.webhooks.Reason;
import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.sender.reason.SenderReason;

/** An edit was refused because the webhook has changed since it was read. Nothing was changed. */
public final class StaleWebhookException extends WebhookException {
  private static final long serialVersionUID = 1L;

  /** The version that the edit was made from. */
  private final long edited;

  /** The version that is stored. */
  private final long stored;

  /**
   * Reports an edit of an older version.
   *
   * @param id the webhook
   * @param edited the version that the edit was made from
   * @param stored the version that is stored
   */
  public StaleWebhookException(String id, long edited, long stored) {
    super(
        "webhook " + id + ": version " + edited + " was edited, but version " + stored
            + " is stored now; get the webhook again and repeat the edit",
        null);
    this.edited = edited;
    this.stored = stored;
  }

  /**
   * The version that the edit was made from.
   *
   * @return 1 or more
   */
  public long editedVersion() {
    return edited;
  }

  /**
   * The version that is stored.
   *
   * @return a version other than {@link #editedVersion()}
   */
  public long storedVersion() {
    return stored;
  }

  @Override
  public Reason reason() {
    return SenderReason.STALE_WEBHOOK;
  }
}
