package cloud.klink.webhooks.sender.storage;

import java.util.List;
import java.util.Objects;

/**
 * The result of storing an event.
 *
 * @param eventId the event's id
 * @param isNew whether it was stored; false if its environment already had an event with this id;
 *     nothing was changed then
 * @param deliveryIds the ids of its new deliveries
 * @param handedOff those of them that were stored as leased to the publishing node
 */
public record Published(
    String eventId, boolean isNew, List<String> deliveryIds, List<ClaimedDelivery> handedOff) {
  /**
   * Copies the lists.
   *
   * @param eventId the event's id
   * @param isNew whether it was stored
   * @param deliveryIds the ids of its new deliveries
   * @param handedOff those that were leased
   */
  public Published {
    Objects.requireNonNull(eventId, "eventId");
    deliveryIds = List.copyOf(deliveryIds);
    handedOff = List.copyOf(handedOff);
  }
}
