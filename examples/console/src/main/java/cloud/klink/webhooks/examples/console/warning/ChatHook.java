package cloud.klink.webhooks.examples.console.warning;

import cloud.klink.webhooks.examples.console.setup.ConsoleSettings;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * Posts a message to a chat, as {@code {"text": "…"}}, which the incoming webhooks of the usual
 * chats take. Its URL is a secret of that chat, so it is in no log.
 */
@Component
@ConditionalOnProperty("console.warning.chat-url")
class ChatHook implements WarningHook {
  private static final Logger LOG = LoggerFactory.getLogger(ChatHook.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final URI url;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  ChatHook(ConsoleSettings settings) {
    this.url = Objects.requireNonNull(settings.warning().chatUrl());
  }

  /** Returns at once. */
  @Override
  public void warn(PauseWarning warning) {
    String text =
        "Webhook " + warning.webhook().name() + " (" + warning.webhook().id() + ") has "
            + warning.risk().failures() + " failures within its hour; more than "
            + warning.risk().limit() + " pause it.";
    String body = JsonNodeFactory.instance.objectNode().put("text", text).toString();
    HttpRequest message = HttpRequest.newBuilder(url)
        .timeout(TIMEOUT)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
    var unused = client
        .sendAsync(message, HttpResponse.BodyHandlers.discarding())
        .whenComplete((answer, error) -> tell(answer, error, warning.webhook().id()));
  }

  private static void tell(HttpResponse<Void> answer, Throwable error, String webhookId) {
    if (error != null) {
      LOG.warn(
          "The chat was not told of webhook {}: {}", webhookId, error.getClass().getSimpleName());
    } else if (answer.statusCode() >= 300) {
      LOG.warn("The chat was not told of webhook {}: {}", webhookId, answer.statusCode());
    }
  }
}
