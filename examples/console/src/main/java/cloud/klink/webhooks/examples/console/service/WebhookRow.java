package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.List;
import java.util.Optional;

/**
 * A webhook in a list.
 *
 * @param webhook the webhook
 * @param last its newest delivery
 * @param day its last 24 hours, the oldest first
 * @param risk how near it is to its automatic pause
 */
public record WebhookRow(
    Webhook webhook, Optional<DeliveryRow> last, List<AttemptSum> day, PauseRisk risk) {
  /**
   * How many attempts were made within the last 24 hours.
   *
   * @return 0 or more
   */
  public long attempts() {
    return day.stream().mapToLong(AttemptSum::attempts).sum();
  }

  /**
   * How many of them failed.
   *
   * @return 0 or more
   */
  public long failed() {
    return day.stream().mapToLong(AttemptSum::failures).sum();
  }
}
