package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.NewEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Stores deliveries that repeat others, and events for one webhook.
 *
 * <p>The delivery that is repeated is locked: so two callers do not repeat the same one, and a
 * purge leaves it, and with it its event, until the new one is there to keep the event.
 */
final class Redelivery {
  private static final String IF_EVENT = """
      AND EXISTS (
        SELECT 1
        FROM klink_event e
        WHERE e.environment = d.environment
          AND e.event_id = d.event_id
      )
      """;

  private static final String ONE = """
      SELECT d.id
      FROM klink_delivery d
      WHERE d.id = ?
        AND EXISTS (
          SELECT 1
          FROM klink_webhook w
          WHERE w.id = d.webhook_id
        )
        %s
      """.formatted(IF_EVENT);

  private static final String FAILED = """
      SELECT d.id
      FROM klink_delivery d
      WHERE d.webhook_id = ?
        AND d.state = 2
        AND d.redelivered_as IS NULL
        AND d.finished_at >= ?
        %s
      ORDER BY d.finished_at, d.id
      LIMIT ?
      """.formatted(IF_EVENT);

  private static final String WEBHOOK = "SELECT environment FROM klink_webhook WHERE id = ?";

  private static final String COPY = """
      INSERT INTO klink_delivery (id, webhook_id, environment, event_id, event_name, state,
          attempts, due_at, token, created_at, redelivery_of)
      SELECT CAST(? AS VARCHAR), webhook_id, environment, event_id, event_name, 0, 0,
          CAST(? AS BIGINT), 0, CAST(? AS BIGINT), id
      FROM klink_delivery
      WHERE id = ?
      """;

  private static final String MARK = "UPDATE klink_delivery SET redelivered_as = ? WHERE id = ?";

  private final Dialect dialect;

  Redelivery(Dialect dialect) {
    this.dialect = dialect;
  }

  boolean redeliver(Connection connection, String deliveryId, String newId, Instant now)
      throws SQLException {
    List<String> found = ids(connection, ONE, deliveryId);
    repeat(connection, found, List.of(newId), now);
    return !found.isEmpty();
  }

  List<String> redeliverFailed(
      Connection connection,
      String webhookId,
      Instant since,
      Supplier<String> newIds,
      Instant now,
      int limit)
      throws SQLException {
    if (environment(connection, webhookId).isEmpty()) {
      return List.of();
    }
    dialect.followIndexes(connection);
    List<String> failed = ids(connection, FAILED, webhookId, EpochMicros.of(since), limit);
    if (failed.isEmpty()) {
      // An earlier call whose answer was cut may have repeated them.
      dialect.awaitCopies(connection);
    }
    List<String> repeated = new ArrayList<>();
    for (int i = 0; i < failed.size(); i++) {
      repeated.add(newIds.get());
    }
    repeat(connection, failed, repeated, now);
    return repeated;
  }

  boolean publishTo(Connection connection, NewEvent event, String webhookId, String deliveryId)
      throws SQLException {
    boolean isThere =
        environment(connection, webhookId).contains(Environments.code(event.environment()));
    if (!isThere || dialect.insertEvents(connection, List.of(event)).isEmpty()) {
      return false;
    }
    NewDelivery delivery = new NewDelivery(deliveryId, webhookId, event, null);
    dialect.insertDeliveries(connection, List.of(delivery));
    return true;
  }

  private List<String> ids(Connection connection, String sql, Object... arguments)
      throws SQLException {
    return Sql.query(
        connection,
        sql + dialect.forUpdate(),
        row -> Objects.requireNonNull(row.getString(1)),
        arguments);
  }

  private static List<Integer> environment(Connection connection, String webhookId)
      throws SQLException {
    return Sql.query(connection, WEBHOOK, row -> row.getInt(1), webhookId);
  }

  private static void repeat(
      Connection connection, List<String> old, List<String> repeated, Instant now)
      throws SQLException {
    long micros = EpochMicros.of(now);
    try (PreparedStatement copy = connection.prepareStatement(COPY);
        PreparedStatement mark = connection.prepareStatement(MARK)) {
      for (int i = 0; i < old.size(); i++) {
        Sql.add(copy, repeated.get(i), micros, micros, old.get(i));
        Sql.add(mark, repeated.get(i), old.get(i));
      }
      copy.executeBatch();
      mark.executeBatch();
    }
  }
}
