package cloud.klink.webhooks.sender.webhook;

import cloud.klink.webhooks.Reason;
import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.sender.reason.SenderReason;

/** There is no webhook of that id, or not any more. */
public final class UnknownWebhookException extends WebhookException {
  private static final long serialVersionUID = 1L;

  /** For whoever has looked for it. */
  public UnknownWebhookException() {
    super(
        "webhook: no webhook has this id; it may have been deleted. List the webhooks that"
            + " exist",
        null);
  }

  @Override
  public Reason reason() {
    return SenderReason.UNKNOWN_WEBHOOK;
  }
}
