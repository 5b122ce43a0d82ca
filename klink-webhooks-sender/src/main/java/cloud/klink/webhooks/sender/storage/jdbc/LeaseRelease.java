package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.Lease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Releases leases and ends waiting deliveries. */
final class LeaseRelease {
  /** The state is compared so that the id's index is used, whatever the planner has seen. */
  private static final String RELEASE = """
      UPDATE klink_delivery
      SET due_at = ?, lease_until = NULL
      WHERE id = (
        SELECT id
        FROM klink_delivery
        WHERE id = ?
          AND token = ?
          AND state < 1
          AND lease_until IS NOT NULL
      """;

  private static final String END = """
      UPDATE klink_delivery
      SET state = ?, finished_at = ?, lease_until = NULL
      WHERE id IN (
        SELECT id
        FROM klink_delivery
        WHERE state = 0
          AND webhook_id = ?
          AND (lease_until IS NULL OR lease_until <= ?)
      """;

  private static final String IF_PAUSED = """
      AND EXISTS (
        SELECT 1
        FROM klink_webhook w
        WHERE w.id = klink_delivery.webhook_id
          AND w.paused_at IS NOT NULL
      )
      """;

  private static final String OLDEST = " ORDER BY state, webhook_id, due_at LIMIT ?";

  private final Dialect dialect;

  LeaseRelease(Dialect dialect) {
    this.dialect = dialect;
  }

  int release(Connection connection, Map<Lease, Instant> leases) throws SQLException {
    List<Lease> sorted =
        leases.keySet().stream().sorted(Comparator.comparing(Lease::deliveryId)).toList();
    try (PreparedStatement batch =
        connection.prepareStatement(RELEASE + dialect.skipLocked() + ")")) {
      for (Lease lease : sorted) {
        Instant dueAt = leases.getOrDefault(lease, Instant.EPOCH);
        Sql.add(batch, EpochMicros.of(dueAt), lease.deliveryId(), lease.token());
      }
      return batch.executeBatch().length;
    }
  }

  int end(Connection connection, String webhookId, DeliveryState state, Instant now, int limit)
      throws SQLException {
    long micros = EpochMicros.of(now);
    return Sql.update(
        connection,
        END
            + (state == DeliveryState.DISCARDED ? IF_PAUSED : "")
            + OLDEST
            + dialect.forUpdate()
            + ")",
        state.code(),
        micros,
        webhookId,
        micros,
        limit);
  }
}
