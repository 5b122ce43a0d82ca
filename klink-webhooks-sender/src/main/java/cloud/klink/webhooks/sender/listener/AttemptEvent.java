package cloud.klink.webhooks.sender.listener;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An attempt that was recorded in the storage.
 *
 * @param webhookId the webhook
 * @param eventId the event
 * @param eventName the event's name
 * @param attempt the attempt
 * @param state the delivery's state after the attempt: waiting for a retry, succeeded, or failed
 *     for good
 * @param retryAt when the delivery is retried; empty if it is not
 */
public record AttemptEvent(
    String webhookId,
    String eventId,
    EventName eventName,
    Attempt attempt,
    DeliveryState state,
    Optional<Instant> retryAt) {
  /**
   * Checks that nothing is missing.
   *
   * @param webhookId the webhook
   * @param eventId the event
   * @param eventName the event's name
   * @param attempt the attempt
   * @param state the delivery's state after the attempt
   * @param retryAt when the delivery is retried
   */
  public AttemptEvent {
    Objects.requireNonNull(webhookId, "webhookId");
    Objects.requireNonNull(eventId, "eventId");
    Objects.requireNonNull(eventName, "eventName");
    Objects.requireNonNull(attempt, "attempt");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(retryAt, "retryAt");
  }

  /**
   * The delivery.
   *
   * @return the delivery's id
   */
  public String deliveryId() {
    return attempt.deliveryId();
  }
}
