package cloud.klink.webhooks.examples.benchmarks.canonical;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What others' libraries do for a body that is signed as it stands, from its bytes. It is compact
 * in every row of the table, so that they have as few bytes as they can.
 */
@State(Scope.Thread)
public class RawBody {
  static final List<String> LIBRARIES = List.of("svix", "standardwebhooks", "stripe");

  private static final long TOLERANCE_SECONDS = 3_600;
  private static final String ID = "evt_01JH8Z0V5X3QK2N7M4T6R9WBYC";

  /** About how many bytes the body has. */
  @Param({"512"})
  public int size;

  /** Whose verification. */
  @Param({"svix"})
  public String library = "svix";

  private byte[] body = {};
  private Verification verification = payload -> {};

  /** For JMH. */
  public RawBody() {}

  private interface Verification {
    void verify(String payload) throws Exception;
  }

  /**
   * Makes a request with a good signature.
   *
   * @throws Exception if the library cannot sign
   */
  @Setup
  public void setUp() throws Exception {
    body = Bodies.sorted(size);
    String payload = new String(body, StandardCharsets.UTF_8);
    long now = System.currentTimeMillis() / 1_000;
    verification = switch (library) {
      case "svix" -> svix(payload, now);
      case "standardwebhooks" -> standardWebhooks(payload, now);
      case "stripe" -> stripe(payload);
      default -> throw new IllegalArgumentException("library: there is no " + library);
    };
  }

  private static Verification svix(String payload, long now) throws Exception {
    com.svix.Webhook webhook = new com.svix.Webhook(base64());
    HttpHeaders headers = headers("svix", now, webhook.sign(ID, now, payload));
    return text -> webhook.verify(text, headers);
  }

  private static Verification standardWebhooks(String payload, long now) throws Exception {
    com.standardwebhooks.Webhook webhook = new com.standardwebhooks.Webhook(base64());
    Map<String, List<String>> headers =
        headers("webhook", now, webhook.sign(ID, now, payload)).map();
    return text -> webhook.verify(text, headers);
  }

  private static Verification stripe(String payload) throws Exception {
    String header =
        com.stripe.net.Webhook.Signature.generateSignatureHeader(payload, Secret.text());
    return text -> com.stripe.net.Webhook.Signature.verifyHeader(
        text, header, Secret.text(), TOLERANCE_SECONDS);
  }

  private static String base64() {
    return "whsec_"
        + Base64.getEncoder().encodeToString(Secret.text().getBytes(StandardCharsets.UTF_8));
  }

  private static HttpHeaders headers(String prefix, long now, String signature) {
    return HttpHeaders.of(
        Map.of(
            "Content-Type",
            List.of("application/json"),
            prefix + "-id",
            List.of(ID),
            prefix + "-timestamp",
            List.of(Long.toString(now)),
            prefix + "-signature",
            List.of(signature)),
        (name, value) -> true);
  }

  /**
   * Verifies the request.
   *
   * @return the body's text
   * @throws Exception if the signature is refused
   */
  @Benchmark
  public String verify() throws Exception {
    String payload = new String(body, StandardCharsets.UTF_8);
    verification.verify(payload);
    return payload;
  }
}
