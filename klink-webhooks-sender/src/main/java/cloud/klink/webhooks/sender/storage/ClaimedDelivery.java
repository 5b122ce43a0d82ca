package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.EventBody;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A delivery that is leased to a node, with everything that an attempt needs besides the webhook.
 *
 * @param lease the lease
 * @param leaseUntil when it ends
 * @param webhookId the webhook
 * @param webhookVersion the webhook's version when this was claimed
 * @param environment the event's environment
 * @param eventId the event's id
 * @param eventName the event's name
 * @param body the event's body
 * @param attempts how many attempts have been recorded
 * @param createdAt when it was published
 * @param dueAt since when it has been due
 * @param traceParent the span that the event was published in (W3C Trace Context), if it was traced
 */
public record ClaimedDelivery(
    Lease lease,
    Instant leaseUntil,
    String webhookId,
    long webhookVersion,
    Environment environment,
    String eventId,
    EventName eventName,
    EventBody body,
    int attempts,
    Instant createdAt,
    Instant dueAt,
    Optional<String> traceParent) {
  /**
   * Checks that nothing is missing.
   *
   * @param lease the lease
   * @param leaseUntil when it ends
   * @param webhookId the webhook
   * @param webhookVersion the webhook's version
   * @param environment the event's environment
   * @param eventId the event's id
   * @param eventName the event's name
   * @param body the event's body
   * @param attempts how many attempts were recorded
   * @param createdAt when it was published
   * @param dueAt since when it has been due
   * @param traceParent the span that the event was published in
   */
  public ClaimedDelivery {
    Objects.requireNonNull(lease, "lease");
    Objects.requireNonNull(leaseUntil, "leaseUntil");
    Objects.requireNonNull(webhookId, "webhookId");
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(eventId, "eventId");
    Objects.requireNonNull(eventName, "eventName");
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(dueAt, "dueAt");
    Objects.requireNonNull(traceParent, "traceParent");
  }

  /**
   * The same delivery with another body.
   *
   * @param other the body
   * @return a copy that is otherwise the same
   */
  public ClaimedDelivery withBody(EventBody other) {
    return new ClaimedDelivery(
        lease,
        leaseUntil,
        webhookId,
        webhookVersion,
        environment,
        eventId,
        eventName,
        other,
        attempts,
        createdAt,
        dueAt,
        traceParent);
  }

  /**
   * The same delivery with another version of its webhook.
   *
   * @param version the version
   * @return a copy that is otherwise the same
   */
  public ClaimedDelivery withWebhookVersion(long version) {
    return new ClaimedDelivery(
        lease,
        leaseUntil,
        webhookId,
        version,
        environment,
        eventId,
        eventName,
        body,
        attempts,
        createdAt,
        dueAt,
        traceParent);
  }

  /**
   * The delivery's id.
   *
   * @return the lease's
   */
  public String deliveryId() {
    return lease.deliveryId();
  }
}
