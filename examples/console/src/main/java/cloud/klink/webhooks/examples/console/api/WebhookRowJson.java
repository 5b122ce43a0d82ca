package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.examples.console.service.WebhookRow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A webhook in a list.
 *
 * @param webhook the webhook
 * @param lastDelivery its newest delivery; null if there is none
 * @param attemptsOfDay how many attempts were made within the last 24 hours
 * @param failuresOfDay how many of them failed
 * @param hoursOfDay the same by the hour, the oldest first
 * @param failures how many failures count towards its automatic pause
 * @param failureLimit how many there may be; 0 if it is never paused by itself
 */
public record WebhookRowJson(
    WebhookJson webhook,
    @Nullable DeliveryJson lastDelivery,
    long attemptsOfDay,
    long failuresOfDay,
    List<HourJson> hoursOfDay,
    long failures,
    int failureLimit) {
  /**
   * An hour.
   *
   * @param start when it began
   * @param attempts how many attempts were made within it
   * @param failures how many of them failed
   */
  public record HourJson(Instant start, long attempts, long failures) {}

  static WebhookRowJson of(WebhookRow row) {
    return new WebhookRowJson(
        WebhookJson.of(row.webhook()),
        row.last().map(DeliveryJson::of).orElse(null),
        row.attempts(),
        row.failed(),
        row.day().stream()
            .map(hour -> new HourJson(hour.start(), hour.attempts(), hour.failures()))
            .toList(),
        row.risk().failures(),
        row.risk().limit());
  }
}
