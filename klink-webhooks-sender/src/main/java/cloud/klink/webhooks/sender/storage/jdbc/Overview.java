package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.delivery.Delivery;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at many webhooks at once. */
final class Overview {
  /** A list of values is a row each, and SQLite takes 500. */
  private static final int MAX_IDS = 256;

  private Overview() {}

  static Map<String, Delivery> newest(
      Connection connection, Collection<String> webhookIds, Dialect dialect) throws SQLException {
    dialect.followIndexes(connection);
    List<String> all = webhookIds.stream().filter(Sql::isStorable).distinct().toList();
    Map<String, Delivery> newest = new HashMap<>();
    for (int from = 0; from < all.size(); from += MAX_IDS) {
      List<@Nullable Object> ids =
          Sql.padded(all.subList(from, Math.min(all.size(), from + MAX_IDS)));
      String sql =
          """
          SELECT %s
          FROM klink_delivery
          WHERE id IN (
            SELECT (
              SELECT d.id
              FROM klink_delivery d
              WHERE d.webhook_id = w.webhook
              ORDER BY d.webhook_id DESC, d.created_at DESC, d.id DESC
              LIMIT 1
            )
            FROM (%s) w
          )
          """.formatted(DeliveryTable.DELIVERY, rows("CAST(? AS VARCHAR) AS webhook", ids.size()));
      Sql.query(connection, sql, DeliveryTable::sound, ids.toArray()).stream()
          .flatMap(Optional::stream)
          .forEach(one -> newest.put(one.webhookId(), one));
    }
    return newest;
  }

  static Map<String, Long> failures(Connection connection, Map<String, Instant> since)
      throws SQLException {
    List<String> all = since.keySet().stream().filter(Sql::isStorable).toList();
    Map<String, Long> failures = new HashMap<>();
    for (int from = 0; from < all.size(); from += MAX_IDS) {
      List<@Nullable Object> arguments = new ArrayList<>();
      List<@Nullable Object> ids =
          Sql.padded(all.subList(from, Math.min(all.size(), from + MAX_IDS)));
      for (Object id : ids) {
        arguments.add(id);
        arguments.add(EpochMicros.clamped(since.getOrDefault(String.valueOf(id), Instant.MAX)));
      }
      String sql = """
          SELECT w.webhook, (
            SELECT COUNT(*)
            FROM klink_failed_attempt a
            WHERE a.webhook_id = w.webhook
              AND a.failed_at >= w.since
          )
          FROM (%s) w
          """.formatted(
              rows("CAST(? AS VARCHAR) AS webhook, CAST(? AS BIGINT) AS since", ids.size()));
      Sql.query(
          connection,
          sql,
          row -> failures.put(Objects.requireNonNull(row.getString(1)), row.getLong(2)),
          arguments.toArray());
    }
    failures.values().removeIf(count -> count == 0);
    return failures;
  }

  private static String rows(String columns, int count) {
    return "SELECT " + columns + (" UNION ALL SELECT " + columns).repeat(count - 1);
  }
}
