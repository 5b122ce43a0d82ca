package cloud.klink.webhooks.examples.benchmarks.canonical;

import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The whole verification, from the request as it came in to the webhook that is handed on. */
@State(Scope.Thread)
public class Verification {
  private static final int WARM_UP_BYTES = 1 << 26;

  /** About how many bytes the body has. */
  @Param({"512"})
  public int size;

  /** Whether its members are in random order. */
  @Param({"false"})
  public boolean shuffled;

  private final WebhookVerifier verifier =
      WebhookVerifier.builder().publicUrl(Secret.URL).secret(Secret.signing()).build();

  private IncomingRequest request = IncomingRequest.builder().build();

  /** For JMH. */
  public Verification() {}

  /**
   * Makes a request with a good signature, after others in both orders: a receiver in use has seen
   * both, and the JIT compiler with it.
   */
  @Setup
  public void setUp() {
    IncomingRequest sorted = request(Bodies.sorted(size));
    IncomingRequest inDisorder = request(Bodies.shuffled(size));
    for (int i = 0; i < WARM_UP_BYTES / size; i++) {
      verifier.verify(sorted);
      verifier.verify(inDisorder);
    }
    request = shuffled ? inDisorder : sorted;
  }

  private static IncomingRequest request(byte[] body) {
    return IncomingRequest.builder()
        .target("/klink/webhooks")
        .header(WebhookHeaders.CONTENT_TYPE, WebhookHeaders.JSON)
        .header(WebhookHeaders.SIGNATURE, Secret.signature(body))
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
