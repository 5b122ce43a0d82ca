package cloud.klink.webhooks;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A text or a request is malformed: the request has no canonical form, so it can be neither signed
 * nor verified, or the text is not a valid event, WebSocket message or signature.
 *
 * <p>{@link #reason()} tells which. The message names the part or field, the rule and, for a body,
 * the place as an offset in bytes. It quotes neither a body nor a signature.
 */
public final class MalformedException extends WebhookException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  private final MalformedReason reason;

  /**
   * Reports what is malformed.
   *
   * @param reason what is malformed
   * @param message the part or field and the rule that it breaks; no part of a body or signature
   * @param cause what was thrown below, or null
   */
  public MalformedException(MalformedReason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  @Override
  public MalformedReason reason() {
    return reason;
  }
}
