package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.service.WebhookRow;
import org.jspecify.annotations.Nullable;

/**
 * A webhook in a list.
 *
 * @param webhook the webhook
 * @param lastDelivery its newest delivery; null if there is none
 * @param attemptsOfDay how many attempts were made within the last 24 hours
 * @param failuresOfDay how many of them failed
 * @param failures how many failures count towards its automatic pause
 * @param failureLimit how many there may be; 0 if it is never paused by itself
 */
public record WebhookRowJson(
    WebhookJson webhook,
    @Nullable DeliveryJson lastDelivery,
    long attemptsOfDay,
    long failuresOfDay,
    long failures,
    int failureLimit) {
  static WebhookRowJson of(WebhookRow row) {
    return new WebhookRowJson(
        WebhookJson.of(row.webhook()),
        row.last().map(DeliveryJson::of).orElse(null),
        row.attempts(),
        row.failed(),
        row.risk().failures(),
        row.risk().limit());
  }
}
