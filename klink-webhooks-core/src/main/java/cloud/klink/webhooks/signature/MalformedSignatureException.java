package cloud.klink.webhooks.signature;

import cloud.klink.webhooks.WebhookException;

/** A text that should be a signature is not one. The message does not quote it. */
public final class MalformedSignatureException extends WebhookException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  private final MalformedSignatureReason reason;

  MalformedSignatureException(MalformedSignatureReason reason) {
    super("signature: " + reason.rule, null);
    this.reason = reason;
  }

  @Override
  public MalformedSignatureReason reason() {
    return reason;
  }
}
