package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Why a log may be empty, and what to do about it.
 *
 * @param key the key of the text in the message bundles
 * @param link where to go; empty for nowhere
 */
public record EmptyReason(String key, String link) {
  /** The likely ones first. */
  static List<EmptyReason> of(DeliveryFilter filter, List<Webhook> webhooks, boolean hasOthers) {
    List<EmptyReason> reasons = new ArrayList<>();
    String environment = filter.environment().id();
    String other = (filter.environment() == Environment.PRODUCTION
            ? Environment.DEVELOPMENT
            : Environment.PRODUCTION)
        .id();
    if (filter.isNarrow()) {
      reasons.add(new EmptyReason(
          "empty.filter", Links.to("/deliveries", Map.of("environment", environment))));
    }
    if (webhooks.isEmpty()) {
      reasons.add(new EmptyReason(
          "empty.webhooks", Links.to("/webhooks/new", Map.of("environment", environment))));
    }
    if (hasOthers) {
      reasons.add(new EmptyReason(
          "empty.environment", Links.to("/deliveries", Map.of("environment", other))));
    }
    if (filter.answer().filter(answer -> answer == StatusClass.NO_RESPONSE).isPresent()) {
      reasons.add(new EmptyReason("empty.address", ""));
    }
    if (!webhooks.isEmpty() && !filter.isNarrow()) {
      reasons.add(new EmptyReason("empty.events", ""));
    }
    reasons.add(new EmptyReason("empty.retention", ""));
    return List.copyOf(reasons);
  }
}
