package cloud.klink.webhooks.verifier;

import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.signature.SigningSecret;
import java.nio.charset.StandardCharsets;

/** What most tests need: an endpoint, its secret, and requests that are rightly signed. */
public final class Fixtures {
  public static final String QUERY = "env=production&tag=b&tag=a";
  public static final String URL = "https://hooks.example.com/klink?" + QUERY;
  public static final String SECRET_TEXT = "whsec_Zm9yIHRlc3RzIG9ubHksIHRydXN0IG5vdGhpbmc";
  public static final SigningSecret SECRET = SigningSecret.of(SECRET_TEXT);

  private Fixtures() {}

  public static WebhookVerifier.Builder verifier() {
    return WebhookVerifier.builder().publicUrl(URL).secret(SECRET);
  }

  /** An event in canonical form. */
  public static byte[] event(String name, String id) {
    return utf8("{\"data\":{\"name\":\"សុខ 陈 😀\"},\"event\":\"" + name + "\",\"id\":\"" + id
        + "\",\"timestamp\":\"2026-01-09T03:42:38.000000Z\"}");
  }

  /** The signature of a body in a dialect, for the endpoint of these tests. */
  public static String sign(byte[] body, Dialect dialect, SigningSecret secret) {
    return secret
        .sign(CanonicalTarget.of("POST", URL).with(CanonicalBody.of(body, dialect)))
        .hex();
  }

  public static String sign(byte[] body) {
    return sign(body, Dialect.KLINK, SECRET);
  }

  public static IncomingRequest.Builder request(byte[] body) {
    return IncomingRequest.builder()
        .target("/klink?" + QUERY)
        .header(WebhookHeaders.SIGNATURE, sign(body))
        .body(body);
  }

  public static VerifiedWebhook webhook(byte[] body) {
    return verifier().build().verify(request(body).build());
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
