package cloud.klink.webhooks.sender.delivery;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A part of the log.
 *
 * @param deliveries newest first; may be empty although there is more, if a search has looked at
 *     many that do not match
 * @param next where to continue, for {@link DeliveryQuery.Builder#after}; a text of printable ASCII
 *     characters that may be handed out in a link or a form; empty if the search has come to its
 *     end. After a page that is full there is one only if something follows
 */
public record DeliveryPage(List<Delivery> deliveries, Optional<String> next) {
  /**
   * Copies the list.
   *
   * @param deliveries newest first
   * @param next where to go on
   */
  public DeliveryPage {
    deliveries = List.copyOf(deliveries);
    Objects.requireNonNull(next, "next");
  }
}
