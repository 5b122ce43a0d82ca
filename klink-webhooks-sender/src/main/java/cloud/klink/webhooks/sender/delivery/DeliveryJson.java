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
    delivery.lastOutcome().ifPresent(last -> map.put("lastAttempt", map(delivery, last)));
    delivery.redeliveryOf().ifPresent(other -> map.put("redeliveryOf", other));
    delivery.redeliveredAs().ifPresent(other -> map.put("redeliveredAs", other));
    return map;
  }

  private static Map<String, Object> map(Delivery delivery, AttemptOutcome outcome) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("outcome", outcome.id());
    delivery
        .lastStatusClass()
        .ifPresent(one -> map.put("statusClass", one.name().toLowerCase(Locale.ROOT)));
    delivery.lastStatus().ifPresent(status -> map.put("status", status));
    map.put("preview", delivery.lastPreview());
    return map;
  }
}
