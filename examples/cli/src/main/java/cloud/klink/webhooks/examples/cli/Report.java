package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.explain.Explanation;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells of a received request what a person wants to know. */
final class Report {
  private static final Set<String> HEADERS =
      Set.of("host", "forwarded", "user-agent", "content-type", "x-signature");
  private static final List<String> HEADER_PREFIXES = List.of("x-klink-", "x-forwarded-");
  private static final int MAX_LINE = 500;

  private final StringBuilder text = new StringBuilder();
  private final ObjectNode json = BaseCommand.object();

  /** The request line and the headers that matter, of which tokens are none. */
  Report request(String title, IncomingRequest request) {
    line(title);
    json.put("time", Instant.now().toString())
        .put("method", request.method())
        .put("target", request.target().orElse(""))
        .put("bytes", request.body().length);
    for (Map.Entry<String, List<String>> header : request.headers().entrySet()) {
      if (matters(header.getKey().toLowerCase(Locale.ROOT))) {
        header.getValue().forEach(value -> line("  " + header.getKey() + ": " + value));
      }
    }
    return this;
  }

  private static boolean matters(String name) {
    return HEADERS.contains(name) || HEADER_PREFIXES.stream().anyMatch(name::startsWith);
  }

  /** What was authenticated. */
  Report verified(WebhookVerifier verifier, VerifiedWebhook webhook) {
    line(VerifierOptions.describe(verifier, webhook));
    VerifierOptions.describe(verifier, webhook, json);
    json.put("body", webhook.body().text());
    try {
      Event event = webhook.event();
      line("event " + event.name() + ", id " + event.id().orElse("none") + ", of "
          + event.timestampText().orElse("no time"));
      json.put("event", event.name().value()).put("id", event.id().orElse(null));
    } catch (MalformedException e) {
      line("authentic, but no event: " + e.getMessage());
    }
    text.append(PrettyJson.print(webhook.body().text())).append('\n');
    return this;
  }

  /**
   * Why it was refused, and the beginning of the body, which anybody may have sent.
   *
   * @param why the explanation, or null if there were too many refusals to explain each
   */
  Report refused(
      WebhookRefusedException refusal, IncomingRequest request, @Nullable Explanation why) {
    line("refused: " + refusal.reason().code() + ": " + Messages.withoutField(refusal));
    json.put("verified", false)
        .put("reason", refusal.reason().code())
        .put("message", Messages.withoutField(refusal));
    if (why == null) {
      line("  not explained: only a few refusals are explained in each second");
    } else {
      json.set("explanation", explained(why));
      line("  explained: " + why.cause().code() + ": " + why.summary());
      why.detail().ifPresent(detail -> line("  " + detail));
      line("  " + why.remedy());
    }
    String body = new String(request.body(), StandardCharsets.UTF_8);
    if (!body.isEmpty()) {
      line("body, not verified: " + body);
    }
    return this;
  }

  /** It came to a path that is not served. */
  Report wrongPath(String served) {
    line("refused: this receiver listens at " + served + "; see --path");
    json.put("verified", false).put("reason", "wrong_path");
    return this;
  }

  /** What came in is no WebSocket message that could be verified. */
  Report malformed(String message) {
    line("refused: malformed_message: " + message);
    json.put("verified", false).put("reason", "malformed_message").put("message", message);
    return this;
  }

  /** What the local application answered to the request that was passed on. */
  Report passedOn(String url, String outcome, String body) {
    line("passed on to " + url + ": " + outcome);
    if (!body.isEmpty()) {
      line("  " + body);
    }
    json.putObject("passedOn").put("url", url).put("outcome", outcome).put("body", body);
    return this;
  }

  /** What the sender was answered: a status, or an ack or nack. */
  Report answered(String answer) {
    line("answered " + answer);
    json.put("answer", answer);
    return this;
  }

  /** An explanation for programs. */
  static ObjectNode explained(Explanation why) {
    return BaseCommand.object()
        .put("cause", why.cause().code())
        .put("summary", why.summary())
        .put("detail", why.detail().orElse(null))
        .put("remedy", why.remedy());
  }

  /** The same for programs. */
  ObjectNode json() {
    return json;
  }

  private void line(String line) {
    text.append(Printable.cut(line, MAX_LINE)).append('\n');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
