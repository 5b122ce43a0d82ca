package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.sender.reason.SenderReason;

/** The sender was stopped before. Nothing was published or changed. */
public final class SenderStoppedException extends WebhookException {
  private static final long serialVersionUID = 1L;

  SenderStoppedException() {
    super("The sender was stopped; build another one to go on", null);
  }

  @Override
  public SenderReason reason() {
    return SenderReason.SENDER_STOPPED;
  }
}
