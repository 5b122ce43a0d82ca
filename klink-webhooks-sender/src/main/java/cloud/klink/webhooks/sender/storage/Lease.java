package cloud.klink.webhooks.sender.storage;

import java.util.Objects;

/**
 * The right to attempt a delivery, for a time. The next claim of the delivery gets a greater token,
 * which makes this lease invalid.
 *
 * @param deliveryId the delivery
 * @param token the fencing token: grows with each claim of the delivery
 */
public record Lease(String deliveryId, long token) {
  /**
   * Checks that nothing is missing.
   *
   * @param deliveryId the delivery
   * @param token the fencing token
   */
  public Lease {
    Objects.requireNonNull(deliveryId, "deliveryId");
  }
}
