package cloud.klink.webhooks.examples.cli;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.MalformedEventException;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.explain.Explanation;
import java.nio.charset.StandardCharsets;
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

  /** The request line and the headers that matter, of which tokens are none. */
  Report request(String title, IncomingRequest request) {
    line(title);
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
    try {
      Event event = webhook.event();
      line("event " + event.name() + ", id " + event.id().orElse("none") + ", of "
          + event.timestampText().orElse("no time"));
    } catch (MalformedEventException e) {
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
    line("refused: " + refusal.reason().code() + ": " + refusal.getMessage());
    if (why == null) {
      line("  not explained: only a few refusals are explained in each second");
    } else {
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
    return this;
  }

  /** What was answered. */
  Report answered(int status) {
    line("answered " + status);
    return this;
  }

  private void line(String line) {
    text.append(Printable.cut(line, MAX_LINE)).append('\n');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
