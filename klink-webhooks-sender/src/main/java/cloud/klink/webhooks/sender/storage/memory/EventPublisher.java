package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Published;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Stores events. Nothing is changed before all callbacks have returned, since they may throw. */
final class EventPublisher {
  private final Tables tables;

  EventPublisher(Tables tables) {
    this.tables = tables;
  }

  private record Planned(EventEntry event, List<DeliveryRecord> rows) {}

  private record Key(Object environment, String id) {}

  List<Published> publish(
      List<NewEvent> events, Supplier<String> ids, Instant leaseUntil, Predicate<String> handOff) {
    List<Planned> planned = new ArrayList<>(events.size());
    List<Published> published = new ArrayList<>(events.size());
    Set<Key> seen = new HashSet<>();
    for (NewEvent event : events) {
      if (tables.events.find(event.environment(), event.id()) == null
          && seen.add(new Key(event.environment(), event.id()))) {
        Planned plan = new Planned(new EventEntry(event), new ArrayList<>());
        planned.add(plan);
        published.add(plan(plan, ids, leaseUntil, handOff));
      } else {
        published.add(new Published(event.id(), false, List.of(), List.of()));
      }
    }
    planned.forEach(plan -> tables.add(plan.event, plan.rows));
    return published;
  }

  private Published plan(
      Planned plan, Supplier<String> ids, Instant leaseUntil, Predicate<String> handOff) {
    EventEntry event = plan.event;
    List<String> deliveryIds = new ArrayList<>();
    List<ClaimedDelivery> handedOff = new ArrayList<>();
    for (WebhookDeliveries queue : tables.webhooks.subscribedTo(event.environment, event.name)) {
      Webhook webhook = Objects.requireNonNull(queue.stored).webhook();
      DeliveryRecord row = new DeliveryRecord(ids.get(), tables.nextNumber(), queue, event);
      plan.rows.add(row);
      deliveryIds.add(row.id);
      if (!webhook.isPaused() && handOff.test(webhook.id())) {
        handedOff.add(row.lease(Tables.micros(leaseUntil), webhook.version()));
      }
    }
    return new Published(event.id, true, deliveryIds, handedOff);
  }
}
