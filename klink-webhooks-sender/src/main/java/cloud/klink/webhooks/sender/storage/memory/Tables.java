package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** What is kept, and how it hangs together. Not for use by several threads. */
final class Tables {
  final Events events;
  final Webhooks webhooks = new Webhooks();
  final Turns turns = new Turns();
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Map<String, Row> rows = new HashMap<>();
  private final Map<Environment, Log> logs = new EnumMap<>(Environment.class);

  /** What drops out of the log, oldest first: finished deliveries, and events without any. */
  private final Queue<Finished> log = new ArrayDeque<>();

  private final int keptDeliveries;

  private record Finished(EventEntry event, @Nullable Row row) {}

  Tables(int keptDeliveries, int rememberedEvents) {
    this.keptDeliveries = keptDeliveries;
    this.events = new Events(rememberedEvents);
  }

  static Instant micros(Instant time) {
    return time.truncatedTo(ChronoUnit.MICROS);
  }

  // --- webhooks

  boolean insert(StoredWebhook webhook) {
    Lane lane = lanes.computeIfAbsent(webhook.id(), Lane::new);
    if (lane.stored != null) {
      return false;
    }
    set(lane, webhook);
    return true;
  }

  boolean update(StoredWebhook webhook) {
    Lane lane = lanes.get(webhook.id());
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
  void pause(Lane lane, Pause pause) {
    StoredWebhook before = Objects.requireNonNull(lane.stored);
    Webhook paused = before.webhook().toBuilder()
        .pause(pause)
        .updatedAt(pause.since())
        .version(before.webhook().version() + 1)
        .build();
    update(new StoredWebhook(paused, before.secret(), before.authentication()));
  }

  boolean delete(String id) {
    Lane lane = lanes.get(id);
    if (lane == null || lane.stored == null) {
      return false;
    }
    webhooks.remove(lane.stored.webhook());
    lane.stored = null;
    turns.changed(lane);
    forgetIfGone(lane);
    return true;
  }

  private void set(Lane lane, StoredWebhook given) {
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
    lane.stored = new StoredWebhook(kept, given.secret(), given.authentication());
    webhooks.add(kept, lane);
    turns.changed(lane);
  }

  Map<String, StoredWebhook> find(Collection<String> ids) {
    Map<String, StoredWebhook> found = new HashMap<>();
    for (String id : ids) {
      Lane lane = lanes.get(id);
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
  Lane lane(String webhookId) {
    return lanes.get(webhookId);
  }

  @Nullable
  Row row(String id) {
    return rows.get(id);
  }

  /** The log of an environment. */
  Log log(Environment environment) {
    return logs.computeIfAbsent(environment, unused -> new Log());
  }

  void add(EventEntry event, List<Row> deliveries) {
    events.add(event);
    event.users = Math.max(1, deliveries.size());
    if (deliveries.isEmpty()) {
      keep(new Finished(event, null));
    }
    for (Row row : deliveries) {
      rows.put(row.id, row);
      logsOf(row).forEach(each -> each.add(row));
      changed(row);
    }
  }

  /** Puts a waiting delivery where it belongs. */
  void changed(Row row) {
    row.lane.waiting.put(row);
    turns.changed(row.lane);
  }

  void finish(Row row, DeliveryState state, Instant now) {
    row.lane.waiting.remove(row);
    row.finish(state, now);
    turns.changed(row.lane);
    keep(new Finished(row.event, row));
  }

  private void keep(Finished newest) {
    log.add(newest);
    if (log.size() > keptDeliveries) {
      Finished oldest = log.remove();
      events.leave(oldest.event);
      if (oldest.row != null) {
        rows.remove(oldest.row.id);
        logsOf(oldest.row).forEach(each -> each.remove(oldest.row));
        forgetIfGone(oldest.row.lane);
      }
    }
  }

  private List<Log> logsOf(Row row) {
    return List.of(row.lane.log, row.event.log, log(row.event.environment));
  }

  private void forgetIfGone(Lane lane) {
    if (lane.isGone()) {
      lanes.remove(lane.webhookId);
    }
  }
}
