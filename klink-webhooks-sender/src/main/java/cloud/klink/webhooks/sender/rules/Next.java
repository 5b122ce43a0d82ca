package cloud.klink.webhooks.sender.rules;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What follows an attempt.
 *
 * @param state {@link DeliveryState#SUCCEEDED}, {@link DeliveryState#FAILED}, or
 *     {@link DeliveryState#WAITING} for a retry
 * @param retryAt when the retry is due; empty without one
 */
public record Next(DeliveryState state, Optional<Instant> retryAt) {
  private static final Next SUCCEEDED = new Next(DeliveryState.SUCCEEDED, Optional.empty());
  private static final Next FAILED = new Next(DeliveryState.FAILED, Optional.empty());

  /**
   * Checks that state and time agree.
   *
   * @param state the state
   * @param retryAt when the retry is due
   * @throws IllegalArgumentException if there is a time without a retry, or the other way round
   */
  public Next {
    Objects.requireNonNull(state, "state");
    if (retryAt.isPresent() == state.isFinal()) {
      throw new IllegalArgumentException("retryAt: there is one for a waiting delivery only");
    }
  }

  /**
   * Applies the rules: a success ends the delivery; a failure is repeated as the policy says, and
   * ends the delivery when the policy says no more.
   *
   * @param attempt the attempt that was made, whose number tells how many there were
   * @param policy the retry policy
   * @return what follows
   */
  public static Next after(Attempt attempt, RetryPolicy policy) {
    if (attempt.result().succeeded()) {
      return SUCCEEDED;
    }
    return policy
        .delayAfter(attempt.number())
        .map(delay ->
            new Next(DeliveryState.WAITING, Optional.of(attempt.endedAt().plus(delay))))
        .orElse(FAILED);
  }
}
