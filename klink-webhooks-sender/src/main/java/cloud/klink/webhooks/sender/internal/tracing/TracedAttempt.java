package cloud.klink.webhooks.sender.internal.tracing;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.Objects;
import java.util.Optional;

/**
 * * An attempt at its begin.
 *
 * @param webhook the webhook that it goes to
 * @param deliveryId the delivery
 * @param number the attempt's number, 1 for the first
 * @param eventId the event's id
 * @param eventName the event's name
 * @param publisher the span that the event was published in, if it was traced
 */
public record TracedAttempt(
    Webhook webhook,
    String deliveryId,
    int number,
    String eventId,
    EventName eventName,
    Optional<TraceParent> publisher) {
  /**
   * Checks that nothing is missing.
   *
   * @param webhook the webhook
   * @param deliveryId the delivery
   * @param number the attempt's number
   * @param eventId the event's id
   * @param eventName the event's name
   * @param publisher the span that the event was published in
   */
  public TracedAttempt {
    Objects.requireNonNull(webhook, "webhook");
    Objects.requireNonNull(deliveryId, "deliveryId");
    Objects.requireNonNull(eventId, "eventId");
    Objects.requireNonNull(eventName, "eventName");
    Objects.requireNonNull(publisher, "publisher");
  }
}
