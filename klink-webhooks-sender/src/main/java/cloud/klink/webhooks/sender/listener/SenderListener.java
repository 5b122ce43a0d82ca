package cloud.klink.webhooks.sender.listener;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.webhook.Pause;

/**
 * Is told what the sender does, on the node that does it, after it was written to the storage. A
 * crash between the two loses the call; none is repeated. What a listener throws is logged and
 * harms nothing. Calls come from the sender's threads, several at once: return soon.
 */
public interface SenderListener {
  /**
   * An attempt was made and recorded.
   *
   * @param webhookId the webhook
   * @param deliveryId the delivery
   * @param attempt the attempt
   * @param state what the delivery has become: waiting for a retry, succeeded, or failed for good
   */
  default void onAttempt(
      String webhookId, String deliveryId, Attempt attempt, DeliveryState state) {}

  /**
   * Failures paused a webhook.
   *
   * @param webhookId the webhook
   * @param pause why and when
   */
  default void onPause(String webhookId, Pause pause) {}
}
