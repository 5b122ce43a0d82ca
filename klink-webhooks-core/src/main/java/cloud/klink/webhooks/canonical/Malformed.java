package cloud.klink.webhooks.canonical;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.MalformedReason;

/** Says why a request has no canonical form. */
final class Malformed {
  private Malformed() {}

  static MalformedException method(String rule) {
    return new MalformedException(MalformedReason.MALFORMED_METHOD, "method: " + rule, null);
  }

  static MalformedException url(String rule) {
    return new MalformedException(MalformedReason.MALFORMED_URL, "url: " + rule, null);
  }

  static MalformedException body(int offset, String rule) {
    return new MalformedException(
        MalformedReason.MALFORMED_BODY, "body: byte " + offset + ": " + rule, null);
  }
}
