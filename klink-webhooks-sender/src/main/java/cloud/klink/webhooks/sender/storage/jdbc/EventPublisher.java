package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Published;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Stores events and their deliveries. */
final class EventPublisher {
  private static final String SUBSCRIBERS = """
      SELECT s.selector, s.webhook_id, w.version, w.pause_cause
      FROM klink_subscription s
      JOIN klink_webhook w ON w.id = s.webhook_id
      WHERE s.environment = ?
        AND s.selector IN (
      """;

  private final Dialect dialect;

  EventPublisher(Dialect dialect) {
    this.dialect = dialect;
  }

  /** A webhook that is subscribed to something. */
  private record Subscriber(String selector, String webhookId, long version, boolean isPaused) {}

  List<Published> publish(
      Connection connection,
      List<NewEvent> events,
      Supplier<String> ids,
      Instant leaseUntil,
      Predicate<String> takes)
      throws SQLException {
    Map<EventKey, NewEvent> first = new LinkedHashMap<>();
    events.forEach(event -> first.putIfAbsent(EventKey.of(event), event));
    List<NewEvent> sorted = first.values().stream().sorted(EventKey.ORDER).toList();
    Set<EventKey> added = new HashSet<>(dialect.insertEvents(connection, sorted));

    Subscribers subscribers = added.isEmpty() ? Subscribers.NONE : subscribers(connection, events);
    Long lease = EpochMicros.of(leaseUntil);
    List<NewDelivery> deliveries = new ArrayList<>();
    List<Published> published = new ArrayList<>();
    for (NewEvent event : events) {
      // Each once: the second of two in one call is a repetition.
      if (!added.remove(EventKey.of(event))) {
        published.add(new Published(event.id(), false, List.of(), List.of()));
        continue;
      }
      List<String> deliveryIds = new ArrayList<>();
      List<ClaimedDelivery> handedOff = new ArrayList<>();
      for (Subscriber subscriber : subscribers.of(event)) {
        String id = ids.get();
        boolean taken = !subscriber.isPaused && takes.test(subscriber.webhookId);
        deliveries.add(new NewDelivery(id, subscriber.webhookId, event, taken ? lease : null));
        deliveryIds.add(id);
        if (taken) {
          handedOff.add(claimed(id, subscriber, event, leaseUntil));
        }
      }
      published.add(new Published(event.id(), true, deliveryIds, handedOff));
    }
    if (!deliveries.isEmpty()) {
      dialect.insertDeliveries(connection, deliveries);
    }
    return published;
  }

  private static ClaimedDelivery claimed(
      String id, Subscriber subscriber, NewEvent event, Instant leaseUntil) {
    return new ClaimedDelivery(
        new Lease(id, 1),
        leaseUntil,
        subscriber.webhookId,
        subscriber.version,
        event.environment(),
        event.id(),
        event.name(),
        event.body(),
        0,
        event.publishedAt(),
        event.publishedAt(),
        event.traceParent());
  }

  private static Subscribers subscribers(Connection connection, List<NewEvent> events)
      throws SQLException {
    Map<Environment, Set<String>> selectors = new EnumMap<>(Environment.class);
    for (NewEvent event : events) {
      selectors
          .computeIfAbsent(event.environment(), e -> new TreeSet<>())
          .addAll(Webhook.selectorsOf(event.name()));
    }
    Map<Environment, Map<String, List<Subscriber>>> found = new EnumMap<>(Environment.class);
    for (Map.Entry<Environment, Set<String>> entry : selectors.entrySet()) {
      Map<String, List<Subscriber>> bySelector = new HashMap<>();
      for (Subscriber subscriber : subscribers(connection, entry.getKey(), entry.getValue())) {
        bySelector.computeIfAbsent(subscriber.selector, s -> new ArrayList<>()).add(subscriber);
      }
      found.put(entry.getKey(), bySelector);
    }
    return new Subscribers(found);
  }

  private static List<Subscriber> subscribers(
      Connection connection, Environment environment, Collection<String> selectors)
      throws SQLException {
    List<@Nullable Object> arguments = Sql.padded(selectors);
    arguments.add(0, Environments.code(environment));
    return Sql.query(
        connection,
        SUBSCRIBERS + Sql.marks(selectors.size()) + ")",
        row -> new Subscriber(
            Objects.requireNonNull(row.getString(1)),
            Objects.requireNonNull(row.getString(2)),
            row.getLong(3),
            row.getString(4) != null),
        arguments.toArray());
  }

  /** Who is subscribed to what. */
  private record Subscribers(Map<Environment, Map<String, List<Subscriber>>> found) {
    static final Subscribers NONE = new Subscribers(Map.of());

    /** Each once, though it may be subscribed to an event and to its group. */
    Collection<Subscriber> of(NewEvent event) {
      Map<String, List<Subscriber>> bySelector = found.getOrDefault(event.environment(), Map.of());
      Map<String, Subscriber> byId = new TreeMap<>();
      for (String selector : Webhook.selectorsOf(event.name())) {
        bySelector.getOrDefault(selector, List.of()).forEach(s -> byId.put(s.webhookId, s));
      }
      return byId.values();
    }
  }
}
