package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.Optional;

/**
 * A delivery in a list.
 *
 * @param delivery the delivery
 * @param webhook its webhook; empty if that was deleted
 * @param status how far it is
 */
public record DeliveryRow(Delivery delivery, Optional<Webhook> webhook, DeliveryStatus status) {
  static DeliveryRow of(Delivery delivery, Optional<Webhook> webhook) {
    boolean isPaused = webhook.filter(Webhook::isPaused).isPresent();
    return new DeliveryRow(delivery, webhook, DeliveryStatus.of(delivery.state(), isPaused));
  }

  /**
   * How far it is, in a word that changes with whatever a list shows of it.
   *
   * @return letters and digits
   */
  public String progress() {
    return status.id() + "-" + delivery.attempts();
  }

  /**
   * How often it was tried again.
   *
   * @return 0 if there was one attempt, or none
   */
  public int retries() {
    return Math.max(0, delivery.attempts() - 1);
  }
}
