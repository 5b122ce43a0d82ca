package cloud.klink.webhooks.event;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.MalformedReason;
import org.jspecify.annotations.Nullable;

/** Says why something is no event or no WebSocket message. */
final class Malformed {
  private Malformed() {}

  static MalformedException event(String field, String rule) {
    return event(field, rule, null);
  }

  static MalformedException event(String field, String rule, @Nullable Throwable cause) {
    return new MalformedException(MalformedReason.MALFORMED_EVENT, field + ": " + rule, cause);
  }

  static MalformedException message(String field, String rule) {
    return new MalformedException(MalformedReason.MALFORMED_MESSAGE, field + ": " + rule, null);
  }
}
