package cloud.klink.webhooks.verifier;

import cloud.klink.webhooks.WebhookException;
import org.jspecify.annotations.Nullable;

/**
 * A request was refused. Its message contains neither the body nor a secret nor the expected
 * signature.
 */
public final class WebhookRefusedException extends WebhookException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  private final RefusalReason reason;

  /**
   * Refuses a request.
   *
   * @param reason why
   */
  public WebhookRefusedException(RefusalReason reason) {
    this(reason, reason.description(), null);
  }

  /**
   * Refuses a request, with more detail than the reason's description.
   *
   * @param reason why
   * @param detail which rule was broken where; no part of the body, no secret, no signature
   * @param cause what was thrown below, or null
   */
  public WebhookRefusedException(RefusalReason reason, String detail, @Nullable Throwable cause) {
    super(detail, cause);
    this.reason = reason;
  }

  @Override
  public RefusalReason reason() {
    return reason;
  }
}
