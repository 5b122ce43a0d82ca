package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.canonical.Dialect;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a verifier accepts, beside its method and URL. */
final class VerifierOptions {
  @Option(
      names = {"-d", "--dialect"},
      paramLabel = "DIALECT",
      converter = DialectConverter.class,
      completionCandidates = DialectConverter.Ids.class,
      description =
          "A dialect to accept: ${COMPLETION-CANDIDATES}; may be repeated (default: all).")
  private List<Dialect> dialects = new ArrayList<>();

  @Mixin
  private final SecretOptions secrets;

  VerifierOptions(Surroundings surroundings) {
    this.secrets = new SecretOptions(surroundings);
  }

  WebhookVerifier.Builder builder() {
    WebhookVerifier.Builder builder = WebhookVerifier.builder().secrets(secrets.several());
    if (!dialects.isEmpty()) {
      Dialect[] more = dialects.subList(1, dialects.size()).toArray(Dialect[]::new);
      builder.dialects(dialects.get(0), more);
    }
    return builder;
  }

  /** Which secret and which dialect matched, for programs. */
  static void describe(WebhookVerifier verifier, VerifiedWebhook webhook, ObjectNode json) {
    json.put("verified", true)
        .put("secret", webhook.secretIndex() + 1)
        .put("secrets", verifier.secrets().size())
        .put("dialect", webhook.dialect().id());
    ArrayNode alike = json.putArray("sameInDialects");
    webhook.body().dialects().stream()
        .filter(dialect -> dialect != webhook.dialect())
        .forEach(dialect -> alike.add(dialect.id()));
  }

  /** Which secret and which dialect matched. */
  static String describe(WebhookVerifier verifier, VerifiedWebhook webhook) {
    String alike = webhook.body().dialects().stream()
        .filter(dialect -> dialect != webhook.dialect())
        .map(Dialect::id)
        .collect(Collectors.joining(" and "));
    return "verified: secret " + (webhook.secretIndex() + 1) + " of "
        + verifier.secrets().size() + ", dialect " + webhook.dialect().id()
        + (alike.isEmpty() ? "" : " (the same in " + alike + ")");
  }
}
