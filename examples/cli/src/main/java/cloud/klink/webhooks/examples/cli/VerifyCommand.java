package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Verifies the signature of a request. */
@Command(
    name = "verify",
    description = {
      "Verifies the signature of a request, and says which secret and which dialect gave it.",
      "",
      "Several secrets may be given, as while one is being replaced."
    },
    footer = {
      "  klink-webhooks verify --url https://example.com/hook --secret-file new.txt"
          + " --secret-file old.txt \\",
      "      --signature 9b4f0a1c… body.json",
      "  verified: secret 2 of 2, dialect klink (the same in go)"
    })
final class VerifyCommand extends BaseCommand {
  @Mixin
  private final RequestOptions request;

  @Option(
      names = {"-s", "--signature"},
      paramLabel = "HEX",
      required = true,
      description = "The value of the request's X-Signature header.")
  private String signature = "";

  @Mixin
  private final VerifierOptions options;

  VerifyCommand(Surroundings surroundings) {
    this.request = new RequestOptions(surroundings);
    this.options = new VerifierOptions(surroundings);
  }

  @Override
  public Integer call() {
    WebhookVerifier verifier = options
        .builder()
        .method(request.method())
        .publicUrl(request.url())
        .maxBodyBytes(CanonicalBody.MAX_LENGTH)
        .maxMemoryBytes(8L * CanonicalBody.MAX_LENGTH)
        .build();
    IncomingRequest incoming = IncomingRequest.builder()
        .method(verifier.target().method())
        .header(WebhookHeaders.SIGNATURE, signature)
        .body(request.body())
        .build();
    VerifiedWebhook webhook = verifier.verify(incoming);
    ObjectNode result = object();
    VerifierOptions.describe(verifier, webhook, result);
    print(VerifierOptions.describe(verifier, webhook), result);
    return 0;
  }
}
