package cloud.klink.webhooks.event;

import cloud.klink.webhooks.Reason;

/** Why something is no event or no WebSocket message. */
public enum MalformedEventReason implements Reason {
  /** A field of the event's envelope is missing or has a value that its rule forbids. */
  MALFORMED_EVENT("malformed_event"),

  /** A WebSocket message, or the answer to one, is not of the form that CANONICAL.md gives. */
  MALFORMED_MESSAGE("malformed_message");

  private final String code;

  MalformedEventReason(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }
}
