package cloud.klink.webhooks;

/**
 * Which rule a text or request breaks, so that it cannot be read, signed or verified. The codes of
 * method, URL and body are those of the test vectors.
 */
public enum MalformedReason implements Reason {
  /** The method is not a token (RFC 9110, section 5.6.2). */
  MALFORMED_METHOD("malformed_method"),

  /** The URL or its query breaks a rule of CANONICAL.md. */
  MALFORMED_URL("malformed_url"),

  /** The body is not one JSON value, or could be read in two ways. */
  MALFORMED_BODY("malformed_body"),

  /** A field of the event's envelope is missing or has a value that its rule forbids. */
  MALFORMED_EVENT("malformed_event"),

  /**
   * A WebSocket message, or the answer to one, does not have the form that CANONICAL.md defines.
   */
  MALFORMED_MESSAGE("malformed_message"),

  /** The signature does not have exactly 64 characters. */
  SIGNATURE_LENGTH("signature_length"),

  /** The signature has a character that is not a hex digit. */
  SIGNATURE_NOT_HEX("signature_not_hex"),

  /** The signature has an upper-case hex digit. */
  SIGNATURE_UPPER_CASE("signature_upper_case");

  private final String code;

  MalformedReason(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }
}
