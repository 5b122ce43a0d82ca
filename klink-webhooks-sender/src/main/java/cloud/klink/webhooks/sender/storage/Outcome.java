package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The outcome of an attempt, to be recorded.
 *
 * @param lease the lease under which the attempt was made
 * @param webhookId the delivery's webhook
 * @param environment the delivery's environment
 * @param eventName the name of the delivery's event
 * @param attempt the attempt
 * @param state the delivery's new state
 * @param retryAt when it is due again if the new state is {@link DeliveryState#WAITING}; otherwise
 *     empty
 * @param isLogged whether the attempt is kept. If not, because the storage refuses it, only the
 *     delivery's new state is written; a storage that cannot separate the two may keep the attempt
 *     anyway
 */
public record Outcome(
    Lease lease,
    String webhookId,
    Environment environment,
    EventName eventName,
    Attempt attempt,
    DeliveryState state,
    Optional<Instant> retryAt,
    boolean isLogged) {
  /**
   * Checks that state, time and result agree.
   *
   * @param lease the lease
   * @param webhookId the delivery's webhook
   * @param environment the delivery's environment
   * @param eventName the name of the delivery's event
   * @param attempt the attempt
   * @param state the delivery's new state
   * @param retryAt when it is due again
   * @param isLogged whether the attempt is kept
   * @throws IllegalArgumentException if there is a time without a retry or a retry without a time,
   *     or if the delivery succeeds without its attempt or the other way round
   */
  public Outcome {
    Objects.requireNonNull(lease, "lease");
    Objects.requireNonNull(webhookId, "webhookId");
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(eventName, "eventName");
    Objects.requireNonNull(attempt, "attempt");
    if (retryAt.isPresent() == state.isFinal()) {
      throw new IllegalArgumentException(
          "retryAt: it must be given if the state is WAITING, and only then; the state is "
              + state);
    }
    if ((state == DeliveryState.SUCCEEDED) != attempt.result().succeeded()) {
      throw new IllegalArgumentException(
          "state: it must be SUCCEEDED if the attempt succeeded, and only then, not " + state);
    }
  }

  /**
   * An outcome whose attempt is kept.
   *
   * @param delivery the delivery as it was claimed
   * @param attempt the attempt
   * @param state the delivery's new state
   * @param retryAt when it is due again if the new state is {@link DeliveryState#WAITING};
   *     otherwise empty
   * @return the outcome
   * @throws IllegalArgumentException if state, time and result do not agree
   */
  public static Outcome of(
      ClaimedDelivery delivery, Attempt attempt, DeliveryState state, Optional<Instant> retryAt) {
    return new Outcome(
        delivery.lease(),
        delivery.webhookId(),
        delivery.environment(),
        delivery.eventName(),
        attempt,
        state,
        retryAt,
        true);
  }

  /**
   * A copy without the endpoint's answer, its address, and other texts of unlimited length.
   *
   * @param error the text that is kept in their place
   * @return an outcome that a storage may accept although it refuses this one
   */
  public Outcome withoutTexts(String error) {
    AttemptResult result = attempt.result();
    Attempt bare = new Attempt(
        attempt.deliveryId(),
        attempt.number(),
        attempt.startedAt(),
        attempt.duration(),
        attempt.method(),
        attempt.url(),
        attempt.authenticationHeader(),
        new AttemptResult(
            result.outcome(),
            result.status(),
            result.retryAfter(),
            error,
            "",
            "",
            "",
            "",
            result.sentAgain()));
    return new Outcome(lease, webhookId, environment, eventName, bare, state, retryAt, isLogged);
  }

  /**
   * A copy whose attempt is not kept.
   *
   * @return an outcome that a storage may accept although it refuses the attempt
   */
  public Outcome withoutLog() {
    return new Outcome(lease, webhookId, environment, eventName, attempt, state, retryAt, false);
  }
}
