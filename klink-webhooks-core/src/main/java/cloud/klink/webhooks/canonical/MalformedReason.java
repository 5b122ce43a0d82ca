package cloud.klink.webhooks.canonical;

import cloud.klink.webhooks.Reason;

/** Why something has no canonical form. The codes are those of the test vectors. */
public enum MalformedReason implements Reason {
  /** The method is no token as RFC 9110, section 5.6.2 has it. */
  MALFORMED_METHOD("malformed_method"),

  /** The URL or its query breaks a rule of CANONICAL.md. */
  MALFORMED_URL("malformed_url"),

  /** The body is not one JSON value, or could be read in two ways. */
  MALFORMED_BODY("malformed_body");

  private final String code;

  MalformedReason(String code) {
    this.code = code;
  }

  @Override
  public String code() {
    return code;
  }
}
