package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The conditions of a query on single columns. */
final class Filter {
  private final List<String> columns = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  private Filter() {}

  static Filter of(DeliveryQuery query) {
    Filter filter = new Filter();
    filter.add("webhook_id", query.webhookId());
    filter.add("environment", query.environment().map(Environments::code));
    filter.add("event_id", query.eventId());
    filter.add("event_name", query.eventName().map(EventName::value));
    filter.add("state", query.state().map(DeliveryState::code));
    filter.add("status_class", query.statusClass().map(StatusClass::code));
    return filter;
  }

  private void add(String column, Optional<?> value) {
    value.ifPresent(wanted -> {
      columns.add(column);
      values.add(wanted);
    });
  }

  /** The columns that it looks at, each after a comma. */
  String columns() {
    return String.join("", columns.stream().map(column -> ", " + column).toList());
  }

  String sql() {
    return columns.isEmpty()
        ? "1 = 1"
        : String.join(" AND ", columns.stream().map(column -> column + " = ?").toList());
  }

  List<Object> values() {
    return values;
  }
}
