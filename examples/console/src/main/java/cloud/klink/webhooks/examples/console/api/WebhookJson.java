package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/**
 * A webhook, without secrets.
 *
 * @param id its id
 * @param environment {@code development} or {@code production}
 * @param name its name
 * @param method {@code webhook} or {@code websocket}
 * @param url its endpoint
 * @param authentication how the sender authenticates
 * @param events what it is subscribed to
 * @param pause why it is paused; null while it is active
 * @param createdAt when it was created
 * @param updatedAt when it was changed last
 * @param version how often it was changed; its ETag
 */
public record WebhookJson(
    String id,
    String environment,
    String name,
    String method,
    String url,
    Header authentication,
    List<String> events,
    @Nullable PauseJson pause,
    Instant createdAt,
    Instant updatedAt,
    long version) {
  /**
   * An authentication without its value.
   *
   * @param kind {@code none}, {@code basic} or {@code header}
   * @param header the header's name; null for none
   */
  public record Header(String kind, @Nullable String header) {
    static Header of(Webhook webhook) {
      String name = webhook.authenticationHeader().orElse(null);
      if (name == null) {
        return new Header("none", null);
      }
      return new Header(name.equalsIgnoreCase("Authorization") ? "basic" : "header", name);
    }
  }

  /**
   * A pause.
   *
   * @param cause {@code requested}, {@code failures} or {@code gone}
   * @param reason why, for people
   * @param since since when
   */
  public record PauseJson(String cause, String reason, Instant since) {
    static PauseJson of(Pause pause) {
      return new PauseJson(pause.cause().id(), pause.reason(), pause.since());
    }
  }

  /** An answer with a webhook and its version. */
  static ResponseEntity<WebhookJson> answer(ResponseEntity.BodyBuilder answer, Webhook webhook) {
    return answer.eTag("\"" + webhook.version() + "\"").body(of(webhook));
  }

  static WebhookJson of(Webhook webhook) {
    return new WebhookJson(
        webhook.id(),
        webhook.environment().id(),
        webhook.name(),
        webhook.method().id(),
        webhook.url(),
        Header.of(webhook),
        List.copyOf(webhook.subscriptions()),
        webhook.pause().map(PauseJson::of).orElse(null),
        webhook.createdAt(),
        webhook.updatedAt(),
        webhook.version());
  }
}
