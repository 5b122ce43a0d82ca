package cloud.klink.webhooks.examples.benchmarks.canonical;

import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The whole verification, from the request as it came in to the webhook that is handed on. */
@State(Scope.Thread)
public class Verification {
  private static final int WARM_UP_BYTES = 1 << 25;
  private static final List<Integer> OTHER_SIZES = List.of(512, 2_048, 16_384);

  /** What also comes: numbers, escapes and white space that are printed anew, other dialects. */
  private static final List<String> OTHER_BODIES = List.of(
      "{\"data\":{\"price\":12.50,\"n\":[1.5e3,-0,1e20,0.25,-17]},\"event\":\"a.b\"}",
      "{\"event\":\"a.b\",\"data\":{\"t\":\"\\u179f\\ud83d\\ude00\\/\",\"\\u0061\":null}}",
      "{ \"event\" : \"a.b\", \"data\" : { \"b\" : [ 1 , 2.50 ], \"a\":[] } }",
      "[\"a<b>&c\", true, 12345678901234567890]");

  /** About how many bytes the body has. */
  @Param({"512"})
  public int size;

  /** How it is printed. */
  @Param({"SORTED"})
  public Shape shape = Shape.SORTED;

  private final WebhookVerifier verifier =
      WebhookVerifier.builder().publicUrl(Secret.URL).secret(Secret.signing()).build();

  private IncomingRequest request = IncomingRequest.builder().build();

  /** For JMH. */
  public Verification() {}

  /**
   * Makes a request with a good signature, after others of every shape, size and dialect: a
   * receiver in use has seen all of them, and the JIT compiler with it.
   */
  @Setup
  public void setUp() {
    List<IncomingRequest> others = new ArrayList<>();
    for (Shape other : Shape.values()) {
      OTHER_SIZES.forEach(bytes -> others.add(request(other.body(bytes), Dialect.KLINK)));
    }
    for (String body : OTHER_BODIES) {
      for (Dialect dialect : Dialect.values()) {
        others.add(request(body.getBytes(StandardCharsets.UTF_8), dialect));
      }
    }
    for (long bytes = 0; bytes < WARM_UP_BYTES; ) {
      for (IncomingRequest other : others) {
        verifier.verify(other);
        bytes += other.body().length;
      }
    }
    request = request(shape.body(size), Dialect.KLINK);
  }

  private static IncomingRequest request(byte[] body, Dialect dialect) {
    return IncomingRequest.builder()
        .target("/klink/webhooks")
        .header(WebhookHeaders.CONTENT_TYPE, WebhookHeaders.JSON)
        .header(WebhookHeaders.SIGNATURE, Secret.signature(body, dialect))
        .body(body)
        .build();
  }

  /**
   * Verifies the request.
   *
   * @return what was authenticated
   */
  @Benchmark
  public VerifiedWebhook verify() {
    return verifier.verify(request);
  }
}
