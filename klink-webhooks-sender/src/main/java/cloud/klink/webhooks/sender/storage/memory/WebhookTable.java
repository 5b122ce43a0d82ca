package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The existing webhooks, by environment and by subscription. */
final class WebhookTable {
  private record Selector(Environment environment, String text) {}

  private final Map<Environment, NavigableMap<String, WebhookDeliveries>> all = new HashMap<>();
  private final Map<Selector, NavigableMap<String, WebhookDeliveries>> subscribed = new HashMap<>();

  void add(Webhook webhook, WebhookDeliveries queue) {
    in(webhook.environment()).put(webhook.id(), queue);
    for (String subscription : webhook.subscriptions()) {
      subscribed
          .computeIfAbsent(selector(webhook, subscription), unused -> new TreeMap<>())
          .put(webhook.id(), queue);
    }
  }

  void remove(Webhook webhook) {
    in(webhook.environment()).remove(webhook.id());
    for (String subscription : webhook.subscriptions()) {
      subscribed.computeIfPresent(selector(webhook, subscription), (unused, queues) -> {
        queues.remove(webhook.id());
        return queues.isEmpty() ? null : queues;
      });
    }
  }

  /** The queues of an environment, by webhook id. */
  NavigableMap<String, WebhookDeliveries> in(Environment environment) {
    return all.computeIfAbsent(environment, unused -> new TreeMap<>());
  }

  /**
   * The queues of the webhooks that are subscribed to an event, each once, in the order of their
   * ids.
   */
  Collection<WebhookDeliveries> subscribedTo(Environment environment, EventName name) {
    NavigableMap<String, WebhookDeliveries> found = new TreeMap<>();
    List<String> selectors = Webhook.selectorsOf(name);
    for (String selector : selectors) {
      NavigableMap<String, WebhookDeliveries> queues =
          subscribed.get(new Selector(environment, selector));
      if (queues != null) {
        found.putAll(queues);
      }
    }
    return found.values();
  }

  private static Selector selector(Webhook webhook, String subscription) {
    return new Selector(webhook.environment(), subscription);
  }
}
