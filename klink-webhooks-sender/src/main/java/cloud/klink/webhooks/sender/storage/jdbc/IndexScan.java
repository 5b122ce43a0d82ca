package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A walk along an index of the log, newest first. Of the rows that it passes, it gives those that
 * match the conditions that the index does not know.
 *
 * @param columns what the index has before time and id
 * @param values what these columns must be, no nulls
 * @param hint what is to be said so that the database sees that the index has all that is wanted
 */
record IndexScan(List<String> columns, List<Object> values, String hint) {
  private static final int FIRST_STRETCH = 256;
  private static final int GROWTH = 8;

  /** A row that matches; its delivery is missing if it is damaged. */
  record Found(DeliveryPlace place, Optional<Delivery> delivery) {}

  /**
   * What a walk gave.
   *
   * @param found what it found
   * @param stop the last place that it has read, if it did not reach its end
   */
  record Stretch(List<Found> found, Optional<DeliveryPlace> stop) {}

  /** Where in a walk a row is, and whether it matches. */
  private record Step(Found found, boolean isHit, int number) {}

  static IndexScan ofEvent(String id) {
    return new IndexScan(List.of("event_id"), List.of(id), "");
  }

  static IndexScan ofDelivery(String id) {
    return new IndexScan(List.of("id"), List.of(id), "");
  }

  static IndexScan ofWebhook(String id) {
    return new IndexScan(List.of("webhook_id"), List.of(id), "");
  }

  static IndexScan ofEnvironment(Environment environment) {
    return new IndexScan(List.of("environment"), List.of(Environments.code(environment)), "");
  }

  static IndexScan ofTrouble(StatusClass statusClass, Environment environment) {
    return new IndexScan(
        List.of("status_class", "environment"),
        List.of(statusClass.code(), Environments.code(environment)),
        " AND status_class <> 2");
  }

  /**
   * Walks from the newest, or from where the query begins, back in time. It goes in stretches that
   * grow, for a database in the same process judges and sorts a whole stretch before it gives the
   * first row of it.
   */
  Stretch back(Connection connection, DeliveryQuery query) throws SQLException {
    QueryConditions filter = QueryConditions.of(query, columns);
    List<Found> found = new ArrayList<>();
    LogRange part = LogRange.of(query);
    int left = DeliveryQuery.MAX_EXAMINED;
    int length = filter.isEmpty() ? query.limit() + 1 : Math.max(FIRST_STRETCH, query.limit() + 1);
    do {
      // One more than wanted tells whether there is more.
      int limit = Math.max(1, query.limit() - found.size());
      Stretch next = back(connection, part, filter, Math.min(left, length), limit);
      found.addAll(next.found);
      part = part.after(next.stop);
      left -= length;
      length *= GROWTH;
    } while (found.size() <= query.limit() && part.after().isPresent() && left > 0);
    return new Stretch(found, part.after());
  }

  private Stretch back(
      Connection connection, LogRange part, QueryConditions filter, int length, int limit)
      throws SQLException {
    List<@Nullable Object> arguments = new ArrayList<>(filter.values());
    arguments.addAll(values);
    String range = part.sql(arguments);
    arguments.addAll(List.of(length, length, limit + 1));
    String sql = """
        SELECT %s, hit, step
        FROM (
          SELECT step_at, step_id, hit, step
          FROM (
            SELECT step_at, step_id, %s AS hit,
                row_number() OVER (ORDER BY step_at DESC, step_id DESC) AS step
            FROM (
              SELECT created_at AS step_at, id AS step_id%s
              FROM klink_delivery
              WHERE %s = ?%s%s
              ORDER BY %s DESC, created_at DESC, id DESC
              LIMIT ?
            ) passed
          ) judged
          WHERE hit = 1 OR step = ?
          ORDER BY step_at DESC, step_id DESC
          LIMIT ?
        ) found
        CROSS JOIN klink_delivery
        WHERE id = step_id
        ORDER BY step_at DESC, step_id DESC
        """.formatted(
            DeliveryTable.DELIVERY,
            filter.sql(),
            filter.columns(),
            String.join(" = ? AND ", columns),
            hint,
            range,
            String.join(" DESC, ", columns));
    List<Step> steps = Sql.query(connection, sql, IndexScan::step, arguments.toArray());
    return stretch(steps, limit, length);
  }

  /** The last place that one count looks at; empty if it looks at all. */
  Optional<DeliveryPlace> countEnd(Connection connection, DeliveryQuery query) throws SQLException {
    List<@Nullable Object> arguments = new ArrayList<>(values);
    String range = LogRange.of(query).sql(arguments);
    arguments.add(DeliveryQuery.MAX_EXAMINED - 1);
    String sql = """
        SELECT created_at, id
        FROM klink_delivery
        WHERE %s = ?%s%s
        ORDER BY %s DESC, created_at DESC, id DESC
        LIMIT 1 OFFSET ?
        """.formatted(
            String.join(" = ? AND ", columns), hint, range, String.join(" DESC, ", columns));
    return Sql.query(connection, sql, IndexScan::place, arguments.toArray()).stream()
        .findFirst();
  }

  /** Counts what matches in a part of the log. */
  int count(Connection connection, LogRange part) throws SQLException {
    QueryConditions filter = QueryConditions.of(part.query(), columns);
    List<@Nullable Object> arguments = new ArrayList<>(values);
    String range = part.sql(arguments);
    arguments.addAll(filter.values());
    String sql = """
        SELECT count(*)
        FROM klink_delivery
        WHERE %s = ?%s%s AND %s = 1
        """.formatted(String.join(" = ? AND ", columns), hint, range, filter.sql());
    return Sql.query(connection, sql, row -> row.getInt(1), arguments.toArray()).get(0);
  }

  private static DeliveryPlace place(ResultSet row) throws SQLException {
    return new DeliveryPlace(
        EpochMicros.toInstant(row.getLong("created_at")),
        Objects.requireNonNull(row.getString("id")));
  }

  private static Step step(ResultSet row) throws SQLException {
    boolean isHit = row.getInt("hit") == 1;
    return new Step(
        new Found(place(row), isHit ? DeliveryTable.sound(row) : Optional.empty()),
        isHit,
        row.getInt("step"));
  }

  private static Stretch stretch(List<Step> steps, int limit, int length) {
    List<Found> found = steps.stream().filter(Step::isHit).map(Step::found).toList();
    if (steps.isEmpty()) {
      return new Stretch(found, Optional.empty());
    }
    Step last = steps.get(steps.size() - 1);
    boolean isEnd = steps.size() <= limit && last.number < length;
    return new Stretch(found, isEnd ? Optional.empty() : Optional.of(last.found.place()));
  }
}
