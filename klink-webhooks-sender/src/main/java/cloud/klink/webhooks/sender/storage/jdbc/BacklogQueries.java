package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.storage.Backlog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads the backlog and failures. */
final class BacklogQueries {
  private static final String FAILURES = """
      SELECT delivery_id, %s
      FROM klink_failed_attempt
      WHERE webhook_id = ?
        AND failed_at >= ?
        AND failed_at <= ?
      ORDER BY failed_at DESC
      LIMIT ?
      """.formatted(DeliveryTable.ATTEMPT);

  private static final String BACKLOG = """
      SELECT SUM(CASE WHEN w.pause_cause IS NULL THEN l.size END) AS waiting,
          SUM(CASE WHEN w.pause_cause IS NOT NULL THEN l.size END) AS held,
          MIN(CASE WHEN w.pause_cause IS NULL THEN l.due_at END) AS due_at,
          (SELECT COUNT(*) FROM klink_webhook WHERE pause_cause IS NOT NULL) AS paused
      FROM (
        SELECT c.webhook_id, c.size, (
          SELECT due_at
          FROM klink_delivery
          WHERE state = 0
            AND webhook_id = c.webhook_id
            AND (lease_until IS NULL OR lease_until <= ?)
          ORDER BY state, webhook_id, due_at
          LIMIT 1
        ) AS due_at
        FROM (
          SELECT webhook_id, COUNT(*) AS size
          FROM klink_delivery
          WHERE state = 0
          GROUP BY webhook_id
        ) c
      ) l
      JOIN klink_webhook w ON w.id = l.webhook_id
      """;

  private BacklogQueries() {}

  static List<Attempt> failures(
      Connection connection, String webhookId, Instant since, Instant until, int limit)
      throws SQLException {
    return Sql.query(
            connection,
            FAILURES,
            row -> DeliveryTable.soundAttempt(
                row, Objects.requireNonNull(row.getString("delivery_id"))),
            webhookId,
            EpochMicros.clamped(since),
            EpochMicros.clamped(until),
            limit)
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  static Backlog backlog(Connection connection, Instant now) throws SQLException {
    long micros = EpochMicros.of(now);
    return Sql.query(
            connection,
            BACKLOG,
            row -> new Backlog(
                row.getLong("waiting"),
                row.getLong("held"),
                EpochMicros.toInstant(Sql.nullableLong(row, "due_at"))
                    .filter(due -> EpochMicros.of(due) <= micros),
                row.getInt("paused")),
            micros)
        .get(0);
  }
}
