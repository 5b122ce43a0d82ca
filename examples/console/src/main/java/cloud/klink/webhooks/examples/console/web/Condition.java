package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.examples.console.service.DeliveryFilter;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A condition of a filter, as people read it.
 *
 * @param key the key of its name in the message bundles
 * @param text what has to be so; empty if it has a key or is a time
 * @param textKey the key of what has to be so; empty if there is none
 * @param time the time that it is about; null if it is about none
 * @param link where that leads to; empty for nowhere
 */
public record Condition(
    String key, String text, String textKey, @Nullable Instant time, String link) {
  /**
   * All of a filter, the environment first.
   *
   * @param filter the filter
   * @param webhook its webhook, unless that was deleted
   */
  static List<Condition> of(DeliveryFilter filter, Optional<Webhook> webhook) {
    List<Condition> conditions = new ArrayList<>();
    FilterValues.of(filter).forEach((name, value) -> {
      String key = "field." + name;
      conditions.add(
          switch (name) {
            case "webhook" ->
              webhook
                  .map(one -> new Condition(key, one.name(), "", null, "/webhooks/" + one.id()))
                  .orElseGet(() -> new Condition(key, value, "", null, ""));
            case "environment", "answer", "status" ->
              new Condition(key, "", name + "." + value, null, "");
            case "retried" -> new Condition("deliveries.retries", "", "filter.retried", null, "");
            case "from", "to" -> new Condition(key, "", "", Instant.parse(value), "");
            default -> new Condition(key, value, "", null, "");
          });
    });
    return List.copyOf(conditions);
  }
}
