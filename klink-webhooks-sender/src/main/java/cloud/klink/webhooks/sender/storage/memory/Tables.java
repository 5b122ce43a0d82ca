package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is kept, and how it hangs together. Not for use by several threads. */
final class Tables {
  final Events events;
  final WebhookTable webhooks = new WebhookTable();
  final ClaimOrder turns = new ClaimOrder();
  private final Map<String, WebhookDeliveries> lanes = new HashMap<>();
  private final Map<String, DeliveryRecord> rows = new HashMap<>();
  private final Map<Environment, DeliveryOrder> logs = new EnumMap<>(Environment.class);

  private final Map<Environment, Statistics> statistics = new EnumMap<>(Environment.class);

  /** What drops out of the log, oldest first: finished deliveries, and events without any. */
  private final NavigableMap<LogPosition, Finished> log = new TreeMap<>();

  private final int keptDeliveries;
  private long numbers;

  /** A delivery, or an event without any. */
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
    WebhookDeliveries lane = lanes.computeIfAbsent(webhook.id(), WebhookDeliveries::new);
    if (lane.stored != null) {
      return false;
    }
    set(lane, webhook);
    return true;
  }

  boolean update(StoredWebhook webhook) {
    WebhookDeliveries lane = lanes.get(webhook.id());
    StoredWebhook before = lane == null ? null : lane.stored;
    if (lane == null
        || before == null
        || before.webhook().version() != webhook.webhook().version() - 1) {
      return false;
    }
    webhooks.remove(before.webhook());
    set(lane, webhook);
    return true;
  }

  /** Pauses an active webhook, as its next version. */
  void pause(WebhookDeliveries lane, Pause pause) {
    StoredWebhook before = Objects.requireNonNull(lane.stored);
    Webhook paused = before.webhook().toBuilder()
        .pause(pause)
        .updatedAt(pause.since())
        .version(before.webhook().version() + 1)
        .build();
    update(before.withWebhook(paused));
  }

  boolean delete(String id) {
    WebhookDeliveries lane = lanes.get(id);
    if (lane == null || lane.stored == null) {
      return false;
    }
    webhooks.remove(lane.stored.webhook());
    lane.stored = null;
    turns.changed(lane);
    forgetIfGone(lane);
    return true;
  }

  private void set(WebhookDeliveries lane, StoredWebhook given) {
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
    lane.stored = given.withWebhook(kept);
    webhooks.add(kept, lane);
    turns.changed(lane);
  }

  Map<String, StoredWebhook> find(Collection<String> ids) {
    Map<String, StoredWebhook> found = new HashMap<>();
    for (String id : ids) {
      WebhookDeliveries lane = lanes.get(id);
      if (lane != null && lane.stored != null) {
        found.put(id, lane.stored);
      }
    }
    return found;
  }

  List<Webhook> list(Environment environment, String after, int limit) {
    return webhooks.in(environment).tailMap(after, false).values().stream()
        .limit(limit)
        .map(lane -> Objects.requireNonNull(lane.stored).webhook())
        .toList();
  }

  // --- deliveries

  @Nullable
  WebhookDeliveries lane(String webhookId) {
    return lanes.get(webhookId);
  }

  Collection<WebhookDeliveries> lanes() {
    return lanes.values();
  }

  /** A number that is greater than those before. */
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
    event.users = Math.max(1, deliveries.size());
    if (deliveries.isEmpty()) {
      keep(new Finished(new LogPosition(event.publishedAt, nextNumber()), event, null));
    }
    deliveries.forEach(this::add);
  }

  private void add(DeliveryRecord row) {
    rows.put(row.id, row);
    logsOf(row).forEach(each -> each.add(row));
    changed(row);
  }

  /** Adds a delivery that repeats another. */
  void repeat(DeliveryRecord row, String newId, Instant now) {
    if (row.isToBeRepeated()) {
      row.lane.failed.remove(row.finished());
    }
    row.event.users++;
    add(row.repeat(newId, nextNumber(), now));
  }

  /** Puts a waiting delivery where it belongs. */
  void changed(DeliveryRecord row) {
    row.lane.waiting.put(row);
    turns.changed(row.lane);
  }

  void finish(DeliveryRecord row, DeliveryState state, Instant now) {
    row.lane.waiting.remove(row);
    row.finish(state, now);
    turns.changed(row.lane);
    if (row.isToBeRepeated()) {
      row.lane.failed.put(row.finished(), row);
    }
    keep(new Finished(row.finished(), row.event, row));
  }

  private void keep(Finished newest) {
    log.put(newest.position, newest);
    if (log.size() > keptDeliveries) {
      forget(log.firstEntry().getValue());
    }
  }

  /** The first that was finished, if that was before a time. */
  @Nullable
  Finished finishedBefore(Instant time) {
    Map.Entry<LogPosition, Finished> first = log.firstEntry();
    return first != null && first.getKey().time().isBefore(time) ? first.getValue() : null;
  }

  void forget(Finished finished) {
    log.remove(finished.position);
    events.leave(finished.event);
    DeliveryRecord row = finished.row;
    if (row != null) {
      rows.remove(row.id);
      logsOf(row).forEach(each -> each.remove(row));
      row.lane.failed.remove(finished.position);
      forgetIfGone(row.lane);
    }
  }

  private List<DeliveryOrder> logsOf(DeliveryRecord row) {
    return List.of(row.lane.log, row.event.log, log(row.event.environment));
  }

  private void forgetIfGone(WebhookDeliveries lane) {
    if (lane.isGone()) {
      lanes.remove(lane.webhookId);
    }
  }
}
