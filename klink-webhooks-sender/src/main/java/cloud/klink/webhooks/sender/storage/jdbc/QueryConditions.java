package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The conditions of a query on single columns. */
final class QueryConditions {
  private final List<String> columns = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  private QueryConditions() {}

  /**
   * The conditions that are left.
   *
   * @param known columns that need not be looked at any more
   */
  static QueryConditions of(DeliveryQuery query, List<String> known) {
    QueryConditions filter = new QueryConditions();
    filter.add("webhook_id", query.webhookId(), known);
    filter.add("environment", query.environment().map(Environments::code), known);
    filter.add("event_id", query.eventId(), known);
    filter.add("event_name", query.eventName().map(EventName::value), known);
    filter.add("state", query.state().map(DeliveryState::code), known);
    filter.add("status_class", query.statusClass().map(StatusClass::code), known);
    return filter;
  }

  private void add(String column, Optional<?> value, List<String> known) {
    if (value.isPresent() && !known.contains(column)) {
      columns.add(column);
      values.add(value.get());
    }
  }

  boolean isEmpty() {
    return columns.isEmpty();
  }

  /** Whether there can be anything with these values. */
  boolean isSatisfiable() {
    return values.stream()
        .allMatch(value -> !(value instanceof String text) || Sql.isStorable(text));
  }

  /** The columns that it looks at, each after a comma. */
  String columns() {
    return String.join("", columns.stream().map(column -> ", " + column).toList());
  }

  /** 1 for what matches, 0 for what does not. */
  String sql() {
    return isEmpty()
        ? "1"
        : "CASE WHEN " + String.join(" = ? AND ", columns) + " = ? THEN 1 ELSE 0 END";
  }

  List<Object> values() {
    return values;
  }
}
