package cloud.klink.webhooks.examples.cli.conformance;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.examples.cli.Messages;

/** What comes out of a request, or should. */
sealed interface Outcome {
  /** What this library makes of a vector's request. */
  static Outcome of(Vector vector) {
    try {
      CanonicalRequest request =
          CanonicalRequest.of(vector.method(), vector.url(), vector.body(), vector.dialect());
      return new Signed(request.text(), vector.secret().sign(request).hex());
    } catch (MalformedException e) {
      return new Malformed(e.reason().code(), Messages.withoutField(e));
    }
  }

  /**
   * It has a canonical form.
   *
   * @param canonical the canonical string
   * @param signature its signature in hex
   */
  record Signed(String canonical, String signature) implements Outcome {}

  /**
   * It has none.
   *
   * @param code the reason
   * @param message the rule that was broken; empty in what is expected
   */
  record Malformed(String code, String message) implements Outcome {}
}
