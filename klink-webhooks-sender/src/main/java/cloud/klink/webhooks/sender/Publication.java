package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.sender.storage.Published;
import java.util.List;
import java.util.Objects;

/**
 * The result of publishing an event.
 *
 * @param eventId the event's id, its own or the one it was given
 * @param isNew whether it was stored; false if its environment already had an event with this id,
 *     so nothing was changed
 * @param deliveryIds the ids of its deliveries, one for each subscribed webhook; none if it is not
 *     new
 */
public record Publication(String eventId, boolean isNew, List<String> deliveryIds) {
  /**
   * Copies the list.
   *
   * @param eventId the event's id
   * @param isNew whether it was stored
   * @param deliveryIds the ids of its deliveries
   */
  public Publication {
    Objects.requireNonNull(eventId, "eventId");
    deliveryIds = List.copyOf(deliveryIds);
  }

  static List<Publication> of(List<Published> published) {
    return published.stream()
        .map(one -> new Publication(one.eventId(), one.isNew(), one.deliveryIds()))
        .toList();
  }
}
