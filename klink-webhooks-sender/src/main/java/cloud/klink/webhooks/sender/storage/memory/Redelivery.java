package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.sender.storage.NewEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Stores deliveries that repeat others, and events for one webhook. */
final class Redelivery {
  private final Tables tables;

  Redelivery(Tables tables) {
    this.tables = tables;
  }

  boolean redeliver(String deliveryId, String newId, Instant now) {
    DeliveryRecord row = tables.row(deliveryId);
    if (row == null || row.queue.stored == null) {
      return false;
    }
    tables.redeliver(row, newId, Tables.micros(now));
    return true;
  }

  List<String> redeliverFailed(
      String webhookId, Instant since, Supplier<String> ids, Instant now, int limit) {
    WebhookDeliveries queue = tables.queue(webhookId);
    if (queue == null || queue.stored == null) {
      return List.of();
    }
    List<DeliveryRecord> failed =
        queue.failed.tailMap(LogPosition.at(Tables.micros(since))).values().stream()
            .limit(limit)
            .toList();
    List<String> newIds = new ArrayList<>();
    // All ids first, since the supplier may throw.
    failed.forEach(row -> newIds.add(ids.get()));
    for (int i = 0; i < failed.size(); i++) {
      tables.redeliver(failed.get(i), newIds.get(i), Tables.micros(now));
    }
    return newIds;
  }

  boolean publishTo(NewEvent event, String webhookId, String deliveryId) {
    WebhookDeliveries queue = tables.queue(webhookId);
    if (queue == null
        || queue.stored == null
        || queue.stored.webhook().environment() != event.environment()
        || tables.events.find(event.environment(), event.id()) != null) {
      return false;
    }
    EventEntry entry = new EventEntry(event);
    tables.add(entry, List.of(new DeliveryRecord(deliveryId, tables.nextNumber(), queue, entry)));
    return true;
  }
}
