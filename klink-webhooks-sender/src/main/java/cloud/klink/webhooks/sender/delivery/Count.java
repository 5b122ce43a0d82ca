package cloud.klink.webhooks.sender.delivery;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How many deliveries of a bucket have a state and a status class.
 *
 * @param start when the bucket begins
 * @param state their state now
 * @param statusClass how their newest attempt was answered; empty if there was none
 * @param deliveries how many there are, 1 at least
 */
public record Count(
    Instant start, DeliveryState state, Optional<StatusClass> statusClass, long deliveries) {
  /**
   * Checks that nothing is missing.
   *
   * @param start when the bucket begins
   * @param state their state now
   * @param statusClass how their newest attempt was answered
   * @param deliveries how many there are
   */
  public Count {
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(statusClass, "statusClass");
  }
}
