package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.Purge;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Removes what is old. It never waits for delivering: of deliveries it locks only final ones, and
 * skips those that another transaction has locked; only another purge locks an event.
 *
 * <p>A delivery that is being repeated keeps its event: its own row, which is locked, is seen by
 * every snapshot until the new one is.
 */
final class Purger {
  /** No database takes any number of values in one statement. */
  private static final int MAX_IDS = 1_024;

  /** Begins where the last one ended: there may be many dead entries of the index before. */
  private static final String OLD = """
      SELECT id, finished_at
      FROM klink_delivery
      WHERE state <> 0
        AND finished_at >= ?
        AND finished_at < ?
      ORDER BY finished_at
      LIMIT ?
      """;

  private static final String DELETE_ATTEMPTS =
      "DELETE FROM klink_failed_attempt WHERE delivery_id IN (";

  private static final String DELETE_DELIVERIES = "DELETE FROM klink_delivery WHERE id IN (";

  private static final String LAST = """
      SELECT created_at
      FROM klink_event
      WHERE created_at >= ?
        AND created_at < ?
      ORDER BY created_at
      LIMIT 1 OFFSET ?
      """;

  /** The offset has each event looked up by itself, however the planner would rather join. */
  private static final String DELETE_EVENTS = """
      DELETE FROM klink_event
      WHERE created_at >= ?
        AND created_at < ?
        AND NOT EXISTS (
          SELECT 1
          FROM klink_delivery d
          WHERE d.event_id = klink_event.event_id
            AND d.environment = klink_event.environment
          LIMIT 1 OFFSET 0
        )
      """;

  private final Dialect dialect;

  Purger(Dialect dialect) {
    this.dialect = dialect;
  }

  private record Old(String id, long finishedAt) {}

  Purge purge(Connection connection, Purge purge) throws SQLException {
    dialect.followIndexes(connection);
    List<Old> old = Sql.query(
        connection,
        OLD + dialect.skipLocked(),
        row -> new Old(Objects.requireNonNull(row.getString(1)), row.getLong(2)),
        EpochMicros.of(purge.finishedFrom()),
        EpochMicros.of(purge.before()),
        purge.limit());
    for (int from = 0; from < old.size(); from += MAX_IDS) {
      List<String> ids = old.subList(from, Math.min(old.size(), from + MAX_IDS)).stream()
          .map(Old::id)
          .toList();
      delete(connection, DELETE_ATTEMPTS, ids);
      delete(connection, DELETE_DELIVERIES, ids);
    }
    if (old.size() == purge.limit()) {
      long last = old.get(old.size() - 1).finishedAt;
      return purge.removed(old.size(), 0).fromFinished(EpochMicros.toInstant(last));
    }
    return events(connection, purge, old.size());
  }

  private static void delete(Connection connection, String sql, List<String> ids)
      throws SQLException {
    Sql.update(connection, sql + Sql.marks(ids.size()) + ")", Sql.padded(ids).toArray());
  }

  /** Up to the time of the last one that is read, and then all of that time. */
  private static Purge events(Connection connection, Purge purge, int deliveries)
      throws SQLException {
    long from = EpochMicros.of(purge.publishedFrom());
    long before = EpochMicros.of(purge.before());
    Optional<Long> last =
        Sql.query(connection, LAST, row -> row.getLong(1), from, before, purge.limit() - 1).stream()
            .findFirst();
    long to = last.map(time -> time + 1).orElse(before);
    int events = Sql.update(connection, DELETE_EVENTS, from, to);
    boolean goesOn = StatisticsTable.purge(connection, purge.before(), purge.limit());
    Purge purged = purge.removed(deliveries, events);
    return last.isPresent() || goesOn
        ? purged.fromPublished(EpochMicros.toInstant(to))
        : purged.done();
  }
}
