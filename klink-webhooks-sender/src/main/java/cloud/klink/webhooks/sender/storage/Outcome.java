package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.sender.delivery.Attempt;
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
 */
public record Outcome(
    Lease lease,
    String webhookId,
    Attempt attempt,
    DeliveryState state,
    Optional<Instant> retryAt) {
  /**
   * Checks that state, time and result agree.
   *
   * @param lease the lease
   * @param webhookId the delivery's webhook
   * @param attempt the attempt
   * @param state what the delivery becomes
   * @param retryAt when it is due again
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
}
