package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.sender.reason.SenderReason;
import java.util.Objects;

/** A delivery cannot be repeated. Nothing was changed. */
public final class RedeliveryException extends WebhookException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  private final SenderReason reason;

  RedeliveryException(SenderReason reason, String message) {
    super(message, null);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  @Override
  public SenderReason reason() {
    return reason;
  }
}
