package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The conditions of a query on what a row has. */
final class QueryConditions {
  private static final String HELD =
      "(state = 0 AND webhook_id IN (SELECT id FROM klink_webhook WHERE pause_cause IS NOT NULL))";

  private final Set<String> columns = new LinkedHashSet<>();
  private final List<String> conditions = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  private QueryConditions() {}

  /**
   * The conditions that are left.
   *
   * @param known columns whose values are known already
   */
  static QueryConditions of(DeliveryQuery query, List<String> known) {
    QueryConditions filter = new QueryConditions();
    filter.add("webhook_id", query.webhookId(), known);
    filter.add("environment", query.environment().map(Environments::code), known);
    filter.add("event_id", query.eventId(), known);
    filter.add("event_name", query.eventName().map(EventName::value), known);
    filter.add("state", query.state().map(DeliveryState::code), known);
    filter.add("status_class", query.statusClass().map(StatusClass::code), known);
    query
        .anyId()
        .ifPresent(id ->
            filter.add(List.of("id", "event_id"), "(id = ? OR event_id = ?)", List.of(id, id)));
    if (query.isLastFailed() && !known.contains("status_class")) {
      filter.add(List.of("status_class"), "status_class <> 2", List.of());
    }
    if (query.isRedeliverable()) {
      filter.add(
          List.of("state", "redelivered_as"), "state <> 0 AND redelivered_as IS NULL", List.of());
    }
    if (query.isHeld()) {
      filter.add(List.of("state", "webhook_id"), HELD, List.of());
    }
    if (query.minAttempts() > 0) {
      filter.add(List.of("attempts"), "attempts >= ?", List.of(query.minAttempts()));
    }
    return filter;
  }

  private void add(String column, Optional<?> value, List<String> known) {
    if (value.isPresent() && !known.contains(column)) {
      add(List.of(column), column + " = ?", List.of(value.get()));
    }
  }

  private void add(List<String> needed, String condition, List<Object> arguments) {
    columns.addAll(needed);
    conditions.add(condition);
    values.addAll(arguments);
  }

  boolean isEmpty() {
    return conditions.isEmpty();
  }

  /** Whether there can be anything with these values. */
  boolean isSatisfiable() {
    return values.stream()
        .allMatch(value -> !(value instanceof String text) || Sql.isStorable(text));
  }

  /** The columns that it reads, each after a comma. */
  String columns() {
    return String.join("", columns.stream().map(column -> ", " + column).toList());
  }

  /** 1 for what matches, 0 for what does not. */
  String sql() {
    return isEmpty() ? "1" : "CASE WHEN " + String.join(" AND ", conditions) + " THEN 1 ELSE 0 END";
  }

  List<Object> values() {
    return values;
  }
}
