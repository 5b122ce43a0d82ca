package cloud.klink.webhooks.verifier;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.signature.Signature;
import java.util.List;

/** Reads the header, which must be present exactly once and hold a signature. */
final class SignatureHeader {
  private SignatureHeader() {}

  static Signature read(IncomingRequest request) {
    List<String> values = request.headers(WebhookHeaders.SIGNATURE);
    if (values.isEmpty()) {
      throw new WebhookRefusedException(RefusalReason.MISSING_SIGNATURE);
    }
    if (values.size() > 1) {
      throw new WebhookRefusedException(RefusalReason.REPEATED_SIGNATURE);
    }
    try {
      return Signature.parse(values.get(0));
    } catch (MalformedException e) {
      throw new WebhookRefusedException(
          switch (e.reason()) {
            case SIGNATURE_LENGTH -> RefusalReason.SIGNATURE_LENGTH;
            case SIGNATURE_NOT_HEX -> RefusalReason.SIGNATURE_NOT_HEX;
            case SIGNATURE_UPPER_CASE -> RefusalReason.SIGNATURE_UPPER_CASE;
            default -> throw e;
          });
    }
  }
}
