package cloud.klink.webhooks.event;

import cloud.klink.webhooks.WebhookException;
import org.jspecify.annotations.Nullable;

/** Something is no event or no WebSocket message. The message names the field and the rule. */
public final class MalformedEventException extends WebhookException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  private final MalformedEventReason reason;

  MalformedEventException(String field, String rule) {
    this(MalformedEventReason.MALFORMED_EVENT, field, rule, null);
  }

  MalformedEventException(
      MalformedEventReason reason, String field, String rule, @Nullable Throwable cause) {
    super(field + ": " + rule, cause);
    this.reason = reason;
  }

  @Override
  public MalformedEventReason reason() {
    return reason;
  }
}
