package cloud.klink.webhooks.signature;

import cloud.klink.webhooks.Reason;

/** Which rule the text of a signature breaks. */
public enum MalformedSignatureReason implements Reason {
  /** It has not exactly 64 characters. */
  SIGNATURE_LENGTH("signature_length", "it must have exactly 64 hex digits"),

  /** It has a character that is no hex digit. */
  SIGNATURE_NOT_HEX("signature_not_hex", "it must have nothing but hex digits"),

  /** It has an upper-case hex digit. */
  SIGNATURE_UPPER_CASE("signature_upper_case", "its hex digits must be lower-case");

  private final String code;
  final String rule;

  MalformedSignatureReason(String code, String rule) {
    this.code = code;
    this.rule = rule;
  }

  @Override
  public String code() {
    return code;
  }
}
