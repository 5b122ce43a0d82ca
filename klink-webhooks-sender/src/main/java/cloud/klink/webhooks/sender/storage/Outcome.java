package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What is to be written after an attempt.
 *
 * @param lease the lease under which the attempt was made
 * @param webhookId the delivery's webhook
 * @param attempt the attempt
 * @param state what the delivery becomes
 * @param retryAt when it is due again, if it becomes {@link DeliveryState#WAITING}; otherwise empty
 * @param isLogged whether the attempt is kept. If not, because the storage refuses it, only what
 *     the delivery has become is written; a storage that cannot do the one without the other may
 *     keep the attempt all the same
 */
public record Outcome(
    Lease lease,
    String webhookId,
    Attempt attempt,
    DeliveryState state,
    Optional<Instant> retryAt,
    boolean isLogged) {
  /**
   * Checks that state, time and result agree.
   *
   * @param lease the lease
   * @param webhookId the delivery's webhook
   * @param attempt the attempt
   * @param state what the delivery becomes
   * @param retryAt when it is due again
   * @param isLogged whether the attempt is kept
   * @throws IllegalArgumentException if there is a time without a retry, or the other way round, or
   *     a success that failed
   */
  public Outcome {
    Objects.requireNonNull(lease, "lease");
    Objects.requireNonNull(webhookId, "webhookId");
    Objects.requireNonNull(attempt, "attempt");
    if (retryAt.isPresent() == state.isFinal()) {
      throw new IllegalArgumentException("retryAt: there is one for a waiting delivery only");
    }
    if (state == DeliveryState.FAILED && attempt.result().succeeded()) {
      throw new IllegalArgumentException("state: what succeeded has not failed");
    }
  }

  /**
   * An outcome whose attempt is kept.
   *
   * @param lease the lease
   * @param webhookId the delivery's webhook
   * @param attempt the attempt
   * @param state what the delivery becomes
   * @param retryAt when it is due again
   * @throws IllegalArgumentException if state, time and result do not agree
   */
  public Outcome(
      Lease lease,
      String webhookId,
      Attempt attempt,
      DeliveryState state,
      Optional<Instant> retryAt) {
    this(lease, webhookId, attempt, state, retryAt, true);
  }

  /**
   * The same without what the endpoint answered, its address, and other texts of any length.
   *
   * @param error what is kept in their place
   * @return an outcome that a storage may write that refuses this one
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
    return new Outcome(lease, webhookId, bare, state, retryAt, isLogged);
  }

  /**
   * The same, but its attempt is not kept.
   *
   * @return an outcome that a storage may write that refuses the attempt
   */
  public Outcome withoutLog() {
    return new Outcome(lease, webhookId, attempt, state, retryAt, false);
  }
}
