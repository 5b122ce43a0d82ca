package cloud.klink.webhooks.canonical;

import cloud.klink.webhooks.WebhookException;

/**
 * A request has no canonical form, so it can neither be signed nor verified.
 *
 * <p>The message names the part, the rule and, for a body, the place as an offset in bytes. It
 * never quotes the body.
 */
public final class MalformedRequestException extends WebhookException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  private final MalformedReason reason;

  MalformedRequestException(MalformedReason reason, String message) {
    super(message, null);
    this.reason = reason;
  }

  @Override
  public MalformedReason reason() {
    return reason;
  }

  static MalformedRequestException method(String rule) {
    return new MalformedRequestException(MalformedReason.MALFORMED_METHOD, "method: " + rule);
  }

  static MalformedRequestException url(String rule) {
    return new MalformedRequestException(MalformedReason.MALFORMED_URL, "url: " + rule);
  }

  static MalformedRequestException body(int offset, String rule) {
    return new MalformedRequestException(
        MalformedReason.MALFORMED_BODY, "body: byte " + offset + ": " + rule);
  }
}
