package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.Delivery;
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
    Optional<DeliveryPlace> place = start(query);
    int left = DeliveryQuery.MAX_EXAMINED;
    int length = filter.isEmpty() ? query.limit() + 1 : Math.max(FIRST_STRETCH, query.limit() + 1);
    do {
      // One more than wanted tells whether there is more.
      int limit = Math.max(1, query.limit() - found.size());
      Stretch next = back(connection, query, filter, place, Math.min(left, length), limit);
      found.addAll(next.found);
      place = next.stop;
      left -= length;
      length *= GROWTH;
    } while (found.size() <= query.limit() && place.isPresent() && left > 0);
    return new Stretch(found, place);
  }

  private Stretch back(
      Connection connection,
      DeliveryQuery query,
      QueryConditions filter,
      Optional<DeliveryPlace> after,
      int length,
      int limit)
      throws SQLException {
    List<@Nullable Object> arguments = new ArrayList<>(filter.values());
    arguments.addAll(values);
    String range = range(query, after, arguments);
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

  /** Counts what matches, up to a maximum. */
  int count(Connection connection, DeliveryQuery query, int max) throws SQLException {
    QueryConditions filter = QueryConditions.of(query, columns);
    List<@Nullable Object> arguments = new ArrayList<>(values);
    String range = range(query, start(query), arguments);
    arguments.addAll(filter.values());
    arguments.add(max);
    String sql = """
        SELECT count(*)
        FROM (
          SELECT 1
          FROM klink_delivery
          WHERE %s = ?%s%s AND %s = 1
          LIMIT ?
        ) found
        """.formatted(String.join(" = ? AND ", columns), hint, range, filter.sql());
    return Sql.query(connection, sql, row -> row.getInt(1), arguments.toArray()).get(0);
  }

  private static Optional<DeliveryPlace> start(DeliveryQuery query) {
    return query.afterTime().map(time -> new DeliveryPlace(time, query.afterId().orElse("")));
  }

  /** At most one limit for either side, for databases that look at the first only. */
  private static String range(
      DeliveryQuery query, Optional<DeliveryPlace> after, List<@Nullable Object> arguments) {
    String range = "";
    if (query.from().isPresent()) {
      range += " AND created_at >= ?";
      arguments.add(EpochMicros.clamped(query.from().get()));
    }
    long to = EpochMicros.clamped(query.to().orElse(Instant.MAX));
    if (after.isPresent() && EpochMicros.clamped(after.get().createdAt()) < to) {
      range += " AND (created_at, id) < (?, ?)";
      arguments.add(EpochMicros.clamped(after.get().createdAt()));
      arguments.add(after.get().id());
    } else if (query.to().isPresent()) {
      range += " AND created_at < ?";
      arguments.add(to);
    }
    return range;
  }

  private static Step step(ResultSet row) throws SQLException {
    DeliveryPlace place = new DeliveryPlace(
        EpochMicros.toInstant(row.getLong("created_at")),
        Objects.requireNonNull(row.getString("id")));
    boolean isHit = row.getInt("hit") == 1;
    return new Step(
        new Found(place, isHit ? DeliveryTable.sound(row) : Optional.empty()),
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
