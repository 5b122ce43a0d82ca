package cloud.klink.webhooks.sender.delivery;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One event on its way to one webhook.
 *
 * @param id the delivery's id, given by the sender
 * @param webhookId the webhook's id; the webhook may be deleted since
 * @param environment the environment of both
 * @param eventId the event's id
 * @param eventName the event's name
 * @param state how far it is
 * @param attempts how many attempts were made and recorded
 * @param dueAt when it is to be sent next; while it is being sent, when another node may take it
 *     over; empty once the state is final
 * @param createdAt when it was published
 * @param finishedAt when its state became final; empty before
 * @param lastAttempt what came of the newest attempt; empty if there was none
 * @param redeliveryOf the delivery that this one repeats, on somebody's demand; empty if it is none
 *     such
 * @param redeliveredAs the newest delivery that repeats this one; empty if there is none
 */
public record Delivery(
    String id,
    String webhookId,
    Environment environment,
    String eventId,
    EventName eventName,
    DeliveryState state,
    int attempts,
    Optional<Instant> dueAt,
    Instant createdAt,
    Optional<Instant> finishedAt,
    Optional<LastAttempt> lastAttempt,
    Optional<String> redeliveryOf,
    Optional<String> redeliveredAs) {
  /**
   * Checks that nothing is missing.
   *
   * @param id the delivery's id
   * @param webhookId the webhook's id
   * @param environment the environment
   * @param eventId the event's id
   * @param eventName the event's name
   * @param state how far it is
   * @param attempts how many attempts were made
   * @param dueAt when it is to be sent next
   * @param createdAt when it was published
   * @param finishedAt when its state became final
   * @param lastAttempt what came of the newest attempt
   * @param redeliveryOf the delivery that this one repeats
   * @param redeliveredAs the newest delivery that repeats this one
   */
  public Delivery {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(webhookId, "webhookId");
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(eventId, "eventId");
    Objects.requireNonNull(eventName, "eventName");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(dueAt, "dueAt");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(finishedAt, "finishedAt");
    Objects.requireNonNull(lastAttempt, "lastAttempt");
    Objects.requireNonNull(redeliveryOf, "redeliveryOf");
    Objects.requireNonNull(redeliveredAs, "redeliveredAs");
  }
}
