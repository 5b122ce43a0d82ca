package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.event.WebhookHeaders;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.explain.Explanation;
import cloud.klink.webhooks.verifier.explain.SignatureExplainer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Explains why a request is refused. */
@Command(
    name = "explain",
    description = {
      "Explains why a request is refused: which single change would make its signature match, or"
          + " that none does.",
      "",
      "The exit status is 0 if the request is verified, and 1 if it is refused."
    },
    footer = {
      "  klink-webhooks explain --url https://example.com/hook --secret-file secret.txt \\",
      "      --signature 9b4f0a1c… --header 'Host: 10.0.0.7:8080' --target /hook body.json"
    })
final class ExplainCommand extends BaseCommand {
  @Mixin
  private final RequestOptions request;

  @Option(
      names = {"-s", "--signature"},
      paramLabel = "HEX",
      description = "The value of the request's X-Signature header, if it had one.")
  private List<String> signatures = new ArrayList<>();

  @Option(
      names = {"-H", "--header"},
      paramLabel = "LINE",
      converter = Header.Converter.class,
      description = "A header line as the receiver saw it, as 'Host: 10.0.0.7:8080'; Host and"
          + " X-Forwarded-* help most. May be repeated.")
  private List<Header> headers = new ArrayList<>();

  @Option(
      names = "--target",
      paramLabel = "PATH",
      description = "Path and query as the receiver saw them.")
  private @Nullable String target;

  @Option(
      names = "--received-method",
      paramLabel = "METHOD",
      description = "The method as the receiver saw it, if it was another.")
  private @Nullable String receivedMethod;

  @Mixin
  private final VerifierOptions options;

  @Mixin
  private final HintOptions hints;

  ExplainCommand(Surroundings surroundings) {
    this.request = new RequestOptions(surroundings);
    this.options = new VerifierOptions(surroundings);
    this.hints = new HintOptions(surroundings);
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
    SignatureExplainer.Builder explainer =
        SignatureExplainer.builder(verifier).candidateUrl(request.url());
    Explanation explanation = hints.addTo(explainer).explain(incoming(verifier));
    print(Printable.lines(explanation.toString()), Report.explained(explanation));
    return explanation.refusal().isEmpty() ? 0 : ErrorLines.REFUSED;
  }

  private IncomingRequest incoming(WebhookVerifier verifier) {
    IncomingRequest.Builder incoming = IncomingRequest.builder()
        .method(receivedMethod == null ? verifier.target().method() : receivedMethod)
        .body(request.body());
    signatures.forEach(signature -> incoming.header(WebhookHeaders.SIGNATURE, signature));
    headers.forEach(header -> incoming.header(header.name(), header.value()));
    if (target != null) {
      incoming.target(target);
    }
    return incoming.build();
  }
}
