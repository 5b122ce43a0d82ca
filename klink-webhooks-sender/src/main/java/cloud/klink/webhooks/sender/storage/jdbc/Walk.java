package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryCursor;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A walk along an index of the log, newest first. The rows that it looks at are counted before any
 * condition is examined that the index does not know.
 *
 * @param condition what the index knows
 * @param arguments its values
 * @param lead the columns of the index before time and id, in descending order
 */
record Walk(String condition, List<Object> arguments, String lead) {
  private static final int EXAMINED = DeliveryQuery.MAX_EXAMINED;

  /** A row that matches; its delivery is missing if it is damaged. */
  record Found(DeliveryCursor place, Optional<Delivery> delivery) {}

  /**
   * What a walk gave.
   *
   * @param found what it found
   * @param stop the last place that it has seen, if it did not come to its end
   */
  record Stretch(List<Found> found, Optional<DeliveryCursor> stop) {}

  /** Where in a walk a row is, and whether it matches. */
  private record Step(Found found, boolean isHit, int number) {}

  static Walk ofEvent(String id) {
    return new Walk("event_id = ?", List.of(id), "event_id DESC, ");
  }

  static Walk ofWebhook(String id) {
    return new Walk("webhook_id = ?", List.of(id), "webhook_id DESC, ");
  }

  static Walk ofEnvironment(Environment environment) {
    return new Walk(
        "environment = ?", List.of(Environments.code(environment)), "environment DESC, ");
  }

  static Walk ofTrouble(StatusClass statusClass, Environment environment) {
    return new Walk(
        "status_class <> 2 AND status_class = ? AND environment = ?",
        List.of(statusClass.code(), Environments.code(environment)),
        "status_class DESC, environment DESC, ");
  }

  /** Walks from the newest, or from where the query begins, back in time. */
  Stretch back(Connection connection, DeliveryQuery query) throws SQLException {
    List<@Nullable Object> values = new ArrayList<>();
    Filter filter = Filter.of(query);
    values.addAll(filter.values());
    values.addAll(arguments);
    String range = range(query, values);
    values.add(query.limit() + 1);
    String sql = "SELECT " + DeliveryTable.DELIVERY + ", hit, step FROM ("
        + "SELECT * FROM (SELECT step_at, step_id, CASE WHEN " + filter.sql()
        + " THEN 1 ELSE 0 END AS hit,"
        + " row_number() OVER (ORDER BY step_at DESC, step_id DESC) AS step FROM ("
        + "SELECT created_at AS step_at, id AS step_id" + filter.columns()
        + " FROM klink_delivery WHERE " + condition + range
        + " ORDER BY " + lead + "created_at DESC, id DESC LIMIT " + EXAMINED + ") e) s"
        + " WHERE hit = 1 OR step = " + EXAMINED
        + " ORDER BY step_at DESC, step_id DESC LIMIT ?) k"
        + " CROSS JOIN klink_delivery WHERE id = step_id ORDER BY step_at DESC, step_id DESC";
    return stretch(Sql.query(connection, sql, Walk::step, values.toArray()), query.limit());
  }

  /** At most one limit for either side, for databases that look at the first only. */
  private static String range(DeliveryQuery query, List<@Nullable Object> values) {
    String range = "";
    if (query.from().isPresent()) {
      range += " AND created_at >= ?";
      values.add(Micros.clamped(query.from().get()));
    }
    long to = Micros.clamped(query.to().orElse(Instant.MAX));
    if (query.after().isPresent() && Micros.clamped(query.after().get().createdAt()) < to) {
      range += " AND (created_at, id) < (?, ?)";
      values.add(Micros.clamped(query.after().get().createdAt()));
      values.add(query.after().get().id());
    } else if (query.to().isPresent()) {
      range += " AND created_at < ?";
      values.add(to);
    }
    return range;
  }

  private static Step step(ResultSet row) throws SQLException {
    DeliveryCursor place = new DeliveryCursor(
        Micros.toInstant(row.getLong("created_at")), Objects.requireNonNull(row.getString("id")));
    boolean isHit = row.getInt("hit") == 1;
    return new Step(
        new Found(place, isHit ? DeliveryTable.sound(row) : Optional.empty()),
        isHit,
        row.getInt("step"));
  }

  private static Stretch stretch(List<Step> steps, int limit) {
    List<Found> found = steps.stream().filter(Step::isHit).map(Step::found).toList();
    if (steps.isEmpty()) {
      return new Stretch(found, Optional.empty());
    }
    Step last = steps.get(steps.size() - 1);
    boolean isEnd = steps.size() <= limit && last.number < EXAMINED;
    return new Stretch(found, isEnd ? Optional.empty() : Optional.of(last.found.place()));
  }
}
