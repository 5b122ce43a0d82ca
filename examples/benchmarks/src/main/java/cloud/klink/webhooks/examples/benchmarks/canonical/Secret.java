package cloud.klink.webhooks.examples.benchmarks.canonical;

import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.signature.SigningSecret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The endpoint and the secret of all that is compared. */
final class Secret {
  static final String URL = "https://hooks.example.com/klink/webhooks";

  private static final String TEXT = "whsec_klink_benchmark_secret_of_usual_length";

  private Secret() {}

  static String text() {
    return TEXT;
  }

  static SigningSecret signing() {
    return SigningSecret.of(TEXT);
  }

  static String signature(byte[] body, Dialect dialect) {
    return signing().sign(CanonicalRequest.of("POST", URL, body, dialect)).hex();
  }

  static Mac mac() {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(TEXT.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
