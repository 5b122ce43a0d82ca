package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.health.Health;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The sender's state for the health endpoint.
 *
 * @param status {@code UP}, {@code DOWN}, or {@code DEGRADED}, which Spring Boot does not know, so
 *     that it does not affect the status of the application
 * @param details all other values
 */
record SenderHealth(String status, Map<String, Object> details) {
  static SenderHealth of(WebhookSender sender) {
    Health health = sender.health();
    Map<String, Object> details = new LinkedHashMap<>(health.toMap());
    details.remove("status");
    return new SenderHealth(health.status().id().toUpperCase(Locale.ROOT), details);
  }
}
