package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.delivery.AttemptStatistics;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How many attempts were answered with each HTTP status. Most are answered with 200, of which
 * {@link StatisticsTable} has the number, so nothing is written here for them.
 */
final class StatusTable {
  private static final int OK = 200;

  private static final String KEY = "webhook_id, environment, start_at, event_name, status, slot";

  private static final String UPDATE = """
      UPDATE klink_status
      SET attempts = attempts + ?
      WHERE webhook_id = ?
        AND environment = ?
        AND start_at = ?
        AND event_name = ?
        AND status = ?
        AND slot = ?
      """;

  private static final String INSERT =
      "INSERT INTO klink_status (attempts, " + KEY + ") VALUES (?, ?, ?, ?, ?, ?, ?)";

  private static final String UPSERT = INSERT + " ON CONFLICT (" + KEY
      + ") DO UPDATE SET attempts = klink_status.attempts + excluded.attempts";

  private static final String SUMS = """
      SELECT webhook_id, bucket, event_name, status, SUM(attempts)
      FROM (
        SELECT webhook_id, (start_at - CAST(? AS BIGINT)) / CAST(? AS BIGINT) AS bucket,
            event_name, status, attempts
        FROM klink_status
        WHERE environment = ?
          AND start_at >= ?
          AND start_at < ?
          AND webhook_id IN (""";

  private static final String BY_STATUS = """
      )
      ) s
      GROUP BY webhook_id, bucket, event_name, status
      """;

  private final boolean upserts;

  StatusTable(boolean upserts) {
    this.upserts = upserts;
  }

  /** Of which attempts a sum is, in a query. */
  record Group(String webhookId, long bucket, String eventName) {}

  /** Adds the statuses but 200. In the order of the keys, in which all nodes lock the rows. */
  void add(Connection connection, Map<StatisticsTable.Key, AttemptStatistics> sums, int slot)
      throws SQLException {
    List<Object[]> rows = new ArrayList<>();
    sums.forEach((key, sum) -> sum.statuses().forEach((status, attempts) -> {
      if (status != OK) {
        rows.add(new Object[] {
          attempts, key.webhookId(), key.environment(), key.start(), key.eventName(), status, slot
        });
      }
    }));
    if (rows.isEmpty()) {
      return;
    }
    if (upserts) {
      try (PreparedStatement batch = connection.prepareStatement(UPSERT)) {
        for (Object[] row : rows) {
          Sql.add(batch, row);
        }
        batch.executeBatch();
      }
      return;
    }
    // H2 has one writer at a time.
    for (Object[] row : rows) {
      if (Sql.update(connection, UPDATE, row) == 0) {
        Sql.update(connection, INSERT, row);
      }
    }
  }

  /**
   * The sums of a query, which may be damaged.
   *
   * @param scopes how many webhooks the arguments end with
   */
  static Map<Group, Map<Integer, Long>> sums(
      Connection connection, int scopes, List<@Nullable Object> arguments) throws SQLException {
    Map<Group, Map<Integer, Long>> sums = new HashMap<>();
    String sql = SUMS + Sql.marks(scopes) + BY_STATUS;
    Sql.query(
        connection,
        sql,
        row -> sums.computeIfAbsent(
                new Group(
                    Objects.requireNonNull(row.getString(1)),
                    row.getLong(2),
                    Objects.requireNonNull(row.getString(3))),
                group -> new HashMap<>())
            .put(row.getInt(4), row.getLong(5)),
        arguments.toArray());
    return sums;
  }
}
