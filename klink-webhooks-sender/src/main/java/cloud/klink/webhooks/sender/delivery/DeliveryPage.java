package cloud.klink.webhooks.sender.delivery;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A part of the log that was searched or counted.
 *
 * @param deliveries those that match, newest first; may be empty although there is more, if a
 *     search has examined many that do not match. Empty after a count
 * @param size how many match; after a search the number of {@code deliveries}
 * @param next where to continue, for {@link DeliveryQuery.Builder#after}; a text of printable ASCII
 *     characters that may be handed out in a link or a form; empty if the search has come to its
 *     end. After a page that is full there is one only if something follows
 */
public record DeliveryPage(List<Delivery> deliveries, int size, Optional<String> next) {
  /**
   * Copies the list.
   *
   * @param deliveries newest first; empty after a count
   * @param size how many match
   * @param next where to continue
   * @throws IllegalArgumentException if there are deliveries, and {@code size} is not their number
   */
  public DeliveryPage {
    deliveries = List.copyOf(deliveries);
    Objects.requireNonNull(next, "next");
    if (size < 0 || (!deliveries.isEmpty() && size != deliveries.size())) {
      throw new IllegalArgumentException(
          "size: it must be the number of deliveries, or from 0 without deliveries, not " + size);
    }
  }

  /**
   * A part that was searched.
   *
   * @param deliveries newest first
   * @param next where to continue
   * @return the page
   */
  public static DeliveryPage of(List<Delivery> deliveries, Optional<String> next) {
    return new DeliveryPage(deliveries, deliveries.size(), next);
  }

  /**
   * A part that was counted.
   *
   * @param size how many match, from 0
   * @param next where to continue
   * @return the page, without deliveries
   * @throws IllegalArgumentException if the size is negative
   */
  public static DeliveryPage counted(int size, Optional<String> next) {
    return new DeliveryPage(List.of(), size, next);
  }
}
