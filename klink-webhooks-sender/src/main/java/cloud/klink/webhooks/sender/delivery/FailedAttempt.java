package cloud.klink.webhooks.sender.delivery;

import java.util.Objects;

/**
 * An attempt that failed, and whose it was.
 *
 * @param deliveryId the delivery
 * @param attempt the attempt
 */
public record FailedAttempt(String deliveryId, Attempt attempt) {
  /**
   * Checks that nothing is missing.
   *
   * @param deliveryId the delivery
   * @param attempt the attempt
   */
  public FailedAttempt {
    Objects.requireNonNull(deliveryId, "deliveryId");
    Objects.requireNonNull(attempt, "attempt");
  }
}
