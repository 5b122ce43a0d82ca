package cloud.klink.webhooks.sender.delivery;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What is shown of a delivery as JSON. */
final class DeliveryJson {
  private DeliveryJson() {}

  static Map<String, Object> of(Delivery delivery) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", delivery.id());
    map.put("webhookId", delivery.webhookId());
    map.put("environment", delivery.environment().id());
    map.put("eventId", delivery.eventId());
    map.put("eventName", delivery.eventName().value());
    map.put("state", delivery.state().name().toLowerCase(Locale.ROOT));
    map.put("attempts", delivery.attempts());
    delivery.dueAt().ifPresent(time -> map.put("dueAt", time.toString()));
    map.put("createdAt", delivery.createdAt().toString());
    delivery.finishedAt().ifPresent(time -> map.put("finishedAt", time.toString()));
    delivery.lastAttempt().ifPresent(last -> map.put("lastAttempt", map(last)));
    delivery.redeliveryOf().ifPresent(other -> map.put("redeliveryOf", other));
    delivery.redeliveredAs().ifPresent(other -> map.put("redeliveredAs", other));
    return map;
  }

  private static Map<String, Object> map(LastAttempt last) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("outcome", last.outcome().id());
    map.put("statusClass", last.statusClass().name().toLowerCase(Locale.ROOT));
    last.status().ifPresent(status -> map.put("status", status));
    map.put("preview", last.preview());
    return map;
  }
}
