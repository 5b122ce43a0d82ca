package cloud.klink.webhooks.examples.quickstart;

import cloud.klink.webhooks.canonical.CanonicalRequest;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.examples.samples.SampleEvents;
import cloud.klink.webhooks.sender.Attempt;
import cloud.klink.webhooks.sender.Endpoint;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.signature.SigningSecret;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.explain.SignatureExplainer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** Sends each sample event to a receiver in the same process, then two requests that go wrong. */
public final class Quickstart {
  private final PrintStream out;
  private final SigningSecret secret = SigningSecret.generate(new SecureRandom());

  Quickstart(PrintStream out) {
    this.out = out;
  }

  /**
   * Runs the quickstart.
   *
   * @param args none
   */
  public static void main(String[] args) {
    new Quickstart(new PrintStream(System.out, true, StandardCharsets.UTF_8)).run();
  }

  void run() {
    try (Receiver receiver = Receiver.start(secret, this::handle)) {
      Endpoint endpoint = Endpoint.of(receiver.url(), secret);
      WebhookSender sender = WebhookSender.builder().build();
      out.println("1. A receiver listens at " + endpoint.url());
      out.println();
      out.println("2. Each event of the catalogue is signed, sent, verified and handled:");
      for (Event event : SampleEvents.all()) {
        Attempt attempt = sender.send(event, endpoint);
        report(event, attempt);
      }
      Event first = SampleEvents.all().get(0);
      showSignature(first, endpoint);
      tamper(first, endpoint);
      explain(first);
    }
    out.println();
    out.println("Done. README.md shows how to do the same in a service of yours.");
  }

  private void handle(Event event) {
    JsonNode data = event.data();
    String about =
        data.path("name").asText(data.path("text").asText(data.path("id").asText()));
    out.println("   receiver: " + event.name() + ": " + Lines.cut(about, 60));
  }

  private void report(Event event, Attempt attempt) {
    if (!attempt.isSuccess()) {
      throw new IllegalStateException(event + " was not acknowledged: " + attempt);
    }
    out.println("   sender:   status " + attempt.status().getAsInt() + " after "
        + attempt.duration().toMillis() + " ms");
  }

  private void showSignature(Event event, Endpoint endpoint) {
    CanonicalRequest request = CanonicalTarget.of("POST", endpoint.url()).with(event.toBody());
    out.println();
    out.println(
        "3. What was signed of the first: method, URL, query and body, nothing between them");
    Lines.wrap(request.text(), 100).forEach(line -> out.println("   " + line));
    out.println("   and its signature, in the header " + WebhookHeaders.SIGNATURE + ":");
    out.println("   " + secret.sign(request).hex());
  }

  private void tamper(Event event, Endpoint endpoint) {
    String signature = secret
        .sign(CanonicalTarget.of("POST", endpoint.url()).with(event.toBody()))
        .hex();
    String body = event.toBody().text().replace("whatsapp", "telegram");
    out.println();
    out.println("4. The same, with one word of its body changed on the way:");
    out.println("   receiver: " + RawPost.send(endpoint.url(), signature, body));
  }

  /**
   * A service behind a proxy that was given the URL it sees, instead of the one K-LINK sends to.
   */
  private void explain(Event event) {
    String publicUrl = "https://hooks.example.com/klink";
    WebhookVerifier verifier = WebhookVerifier.builder()
        .publicUrl("http://10.0.0.7:8080/klink")
        .secret(secret)
        .build();
    IncomingRequest request = IncomingRequest.builder()
        .target("/klink")
        .header("Host", "10.0.0.7:8080")
        .header("X-Forwarded-Host", "hooks.example.com")
        .header("X-Forwarded-Proto", "https")
        .header(
            WebhookHeaders.SIGNATURE,
            secret
                .sign(CanonicalTarget.of("POST", publicUrl).with(event.toBody()))
                .hex())
        .body(event.toBody().toBytes())
        .build();
    out.println();
    out.println("5. A request that a proxy passed on, to a verifier with the wrong public URL:");
    String explanation =
        SignatureExplainer.builder(verifier).build().explain(request).toString();
    explanation.lines().forEach(line -> out.println("   " + line));
  }
}
