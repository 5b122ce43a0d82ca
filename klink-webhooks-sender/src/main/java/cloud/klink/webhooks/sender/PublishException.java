package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.sender.reason.SenderReason;
import java.util.Objects;

/** An event was refused before anything was stored. */
public final class PublishException extends WebhookException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  private final SenderReason reason;

  /**
   * An event was refused.
   *
   * @param reason why
   * @param message what rule was broken, and what to do
   */
  public PublishException(SenderReason reason, String message) {
    super(message, null);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  @Override
  public SenderReason reason() {
    return reason;
  }
}
