package cloud.klink.webhooks.sender.webhook;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lists the fields of a webhook that are printed as JSON, one by one, so that no secret is printed
 * by mistake.
 */
final class WebhookJson {
  private WebhookJson() {}

  static Map<String, Object> of(Webhook webhook) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", webhook.id());
    map.put("environment", webhook.environment().id());
    map.put("name", webhook.name());
    map.put("method", webhook.method().id());
    map.put("url", webhook.url());
    webhook.authenticationHeader().ifPresent(name -> map.put("authenticationHeader", name));
    map.put("subscriptions", List.copyOf(webhook.subscriptions()));
    map.put("paused", webhook.isPaused());
    webhook.pause().ifPresent(paused -> map.put("pause", map(paused)));
    map.put("activeSince", webhook.activeSince().toString());
    map.put("createdAt", webhook.createdAt().toString());
    map.put("updatedAt", webhook.updatedAt().toString());
    map.put("version", webhook.version());
    return map;
  }

  private static Map<String, Object> map(Pause pause) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("cause", pause.cause().id());
    map.put("reason", pause.reason());
    map.put("since", pause.since().toString());
    return map;
  }
}
