package cloud.klink.webhooks.examples.quickstart;

import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.explain.SignatureExplainer;
import java.io.PrintStream;

/** What a verifier refuses, and how it says why. */
record Refusals(PrintStream out, String url, SigningSecret secret, Event event) {
  void tamper() {
    String signature = signatureFor(url);
    String body = event.toBody().text().replace("whatsapp", "telegram");
    out.println("   receiver: " + RawPost.send(url, signature, body));
  }

  /**
   * A service behind a proxy that was given the URL it sees, instead of the one K-LINK sends to.
   */
  void explain() {
    WebhookVerifier verifier = WebhookVerifier.builder()
        .publicUrl("http://10.0.0.7:8080/klink")
        .secret(secret)
        .build();
    IncomingRequest request = IncomingRequest.builder()
        .target("/klink")
        .header("Host", "10.0.0.7:8080")
        .header("X-Forwarded-Host", "hooks.example.com")
        .header("X-Forwarded-Proto", "https")
        .header(WebhookHeaders.SIGNATURE, signatureFor("https://hooks.example.com/klink"))
        .body(event.toBody().toBytes())
        .build();
    String explanation =
        SignatureExplainer.builder(verifier).build().explain(request).toString();
    explanation.lines().forEach(line -> out.println("   " + line));
  }

  private String signatureFor(String target) {
    return secret.sign(CanonicalTarget.of("POST", target).with(event.toBody())).hex();
  }
}
