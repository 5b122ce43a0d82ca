package cloud.klink.webhooks.sender.delivery;

import java.util.Objects;
import java.util.Optional;

/**
 * How many deliveries a search finds in a part of the log.
 *
 * @param deliveries how many match
 * @param next the place where the part ends, for {@link DeliveryQuery.Builder#after}; empty at the
 *     end of the log
 */
public record SearchCount(int deliveries, Optional<String> next) {
  /**
   * Checks that nothing is missing.
   *
   * @param deliveries how many match
   * @param next the place where the part ends
   */
  public SearchCount {
    Objects.requireNonNull(next, "next");
  }
}
