package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The records of the storage and their relations. Not safe for use by several threads at once. */
final class Tables {
  final Events events;
  final WebhookTable webhooks = new WebhookTable();
  final ClaimOrder claimOrder = new ClaimOrder();
  private final Map<String, WebhookDeliveries> queues = new HashMap<>();
  private final Map<String, DeliveryRecord> rows = new HashMap<>();
  private final Map<Environment, DeliveryOrder> logs = new EnumMap<>(Environment.class);

  private final Map<Environment, Statistics> statistics = new EnumMap<>(Environment.class);

  /**
   * What is removed first when the log is full: finished deliveries, and events without deliveries.
   */
  private final NavigableMap<LogPosition, Finished> log = new TreeMap<>();

  private final int keptDeliveries;
  private long numbers;

  /** A finished delivery, or an event without deliveries. */
  record Finished(
      LogPosition position, EventEntry event, @Nullable DeliveryRecord row) {}

  Tables(int keptDeliveries, int rememberedEvents) {
    this.keptDeliveries = keptDeliveries;
    this.events = new Events(rememberedEvents);
  }

  static Instant micros(Instant time) {
    return time.truncatedTo(ChronoUnit.MICROS);
  }

  // --- webhooks

  boolean insert(StoredWebhook webhook) {
    WebhookDeliveries queue = queues.computeIfAbsent(webhook.id(), WebhookDeliveries::new);
    if (queue.stored != null) {
      return false;
    }
    set(queue, webhook);
    return true;
  }

  boolean update(StoredWebhook webhook) {
    WebhookDeliveries queue = queues.get(webhook.id());
    StoredWebhook before = queue == null ? null : queue.stored;
    if (queue == null
        || before == null
        || before.webhook().version() != webhook.webhook().version() - 1) {
      return false;
    }
    webhooks.remove(before.webhook());
    set(queue, webhook);
    return true;
  }

  /** Pauses an active webhook, as its next version. */
  void pause(WebhookDeliveries queue, Pause pause) {
    StoredWebhook before = Objects.requireNonNull(queue.stored);
    Webhook paused = before.webhook().toBuilder()
        .pause(pause)
        .updatedAt(pause.since())
        .version(before.webhook().version() + 1)
        .build();
    update(before.withWebhook(paused));
  }

  boolean delete(String id) {
    WebhookDeliveries queue = queues.get(id);
    if (queue == null || queue.stored == null) {
      return false;
    }
    webhooks.remove(queue.stored.webhook());
    queue.stored = null;
    claimOrder.changed(queue);
    removeIfUnused(queue);
    return true;
  }

  /** A delivery that was handed off, if it still is, with the version of its webhook, or 0. */
  Optional<ClaimedDelivery> stored(ClaimedDelivery handedOff) {
    DeliveryRecord row = rows.get(handedOff.deliveryId());
    if (row == null || !row.isHeldBy(handedOff.lease())) {
      return Optional.empty();
    }
    StoredWebhook webhook = row.queue.stored;
    return Optional.of(
        handedOff.withWebhookVersion(webhook == null ? 0 : webhook.webhook().version()));
  }

  private void set(WebhookDeliveries queue, StoredWebhook given) {
    Webhook webhook = given.webhook();
    Webhook kept = webhook.toBuilder()
        .pause(webhook
            .pause()
            .map(pause -> new Pause(pause.cause(), pause.reason(), micros(pause.since())))
            .orElse(null))
        .activeSince(micros(webhook.activeSince()))
        .createdAt(micros(webhook.createdAt()))
        .updatedAt(micros(webhook.updatedAt()))
        .build();
    queue.stored = given.withWebhook(kept);
    webhooks.add(kept, queue);
    claimOrder.changed(queue);
  }

  Map<String, StoredWebhook> find(Collection<String> ids) {
    Map<String, StoredWebhook> found = new HashMap<>();
    for (String id : ids) {
      WebhookDeliveries queue = queues.get(id);
      if (queue != null && queue.stored != null) {
        found.put(id, queue.stored);
      }
    }
    return found;
  }

  List<Webhook> list(Environment environment, String after, int limit) {
    return webhooks.in(environment).tailMap(after, false).values().stream()
        .limit(limit)
        .map(queue -> Objects.requireNonNull(queue.stored).webhook())
        .toList();
  }

  // --- deliveries

  @Nullable
  WebhookDeliveries queue(String webhookId) {
    return queues.get(webhookId);
  }

  Collection<WebhookDeliveries> queues() {
    return queues.values();
  }

  /** Returns a number greater than all before. */
  long nextNumber() {
    return numbers++;
  }

  @Nullable
  DeliveryRecord row(String id) {
    return rows.get(id);
  }

  /** The log of an environment. */
  DeliveryOrder log(Environment environment) {
    return logs.computeIfAbsent(environment, unused -> new DeliveryOrder());
  }

  /** The statistics of an environment. */
  Statistics statistics(Environment environment) {
    return statistics.computeIfAbsent(environment, unused -> new Statistics());
  }

  void add(EventEntry event, List<DeliveryRecord> deliveries) {
    events.add(event);
    event.references = Math.max(1, deliveries.size());
    if (deliveries.isEmpty()) {
      addFinished(new Finished(new LogPosition(event.publishedAt, nextNumber()), event, null));
    }
    deliveries.forEach(this::add);
  }

  private void add(DeliveryRecord row) {
    rows.put(row.id, row);
    logsOf(row).forEach(each -> each.add(row));
    changed(row);
  }

  /** Adds a delivery that repeats another. */
  void redeliver(DeliveryRecord row, String newId, Instant now) {
    if (row.isUnrepeatedFailure()) {
      row.queue.failed.remove(row.finishedPosition());
    }
    row.event.references++;
    add(row.repeat(newId, nextNumber(), now));
  }

  /** Moves a waiting delivery to its place after a change. */
  void changed(DeliveryRecord row) {
    row.queue.waiting.put(row);
    claimOrder.changed(row.queue);
  }

  void finish(DeliveryRecord row, DeliveryState state, Instant now) {
    row.queue.waiting.remove(row);
    row.finish(state, now);
    claimOrder.changed(row.queue);
    if (row.isUnrepeatedFailure()) {
      row.queue.failed.put(row.finishedPosition(), row);
    }
    addFinished(new Finished(row.finishedPosition(), row.event, row));
  }

  private void addFinished(Finished newest) {
    log.put(newest.position, newest);
    if (log.size() > keptDeliveries) {
      forget(log.firstEntry().getValue());
    }
  }

  /** Returns the oldest entry of the log if it was finished before a time. */
  @Nullable
  Finished finishedBefore(Instant time) {
    Map.Entry<LogPosition, Finished> first = log.firstEntry();
    return first != null && first.getKey().time().isBefore(time) ? first.getValue() : null;
  }

  void forget(Finished finished) {
    log.remove(finished.position);
    events.release(finished.event);
    DeliveryRecord row = finished.row;
    if (row != null) {
      rows.remove(row.id);
      logsOf(row).forEach(each -> each.remove(row));
      row.queue.failed.remove(finished.position);
      removeIfUnused(row.queue);
    }
  }

  private List<DeliveryOrder> logsOf(DeliveryRecord row) {
    return List.of(row.queue.log, row.event.log, log(row.event.environment));
  }

  private void removeIfUnused(WebhookDeliveries queue) {
    if (queue.isUnused()) {
      queues.remove(queue.webhookId);
    }
  }
}
