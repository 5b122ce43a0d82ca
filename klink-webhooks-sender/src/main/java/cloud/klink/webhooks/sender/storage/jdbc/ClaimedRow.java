package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Lease;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A claimed delivery as its row: id, token, environment, event_id, event_name, attempts,
 * created_at, due_at, body, traceparent.
 */
final class ClaimedRow {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcStorage.class);

  private ClaimedRow() {}

  /** Empty if the event is gone: a damaged delivery keeps no other one away. */
  static Optional<ClaimedDelivery> of(
      ResultSet row, String webhookId, long version, long token, Instant leaseUntil)
      throws SQLException {
    String id = Objects.requireNonNull(row.getString("id"));
    byte[] body = row.getBytes("body");
    if (body == null) {
      LOG.warn("Delivery {} is damaged and left out: its event is missing", id);
      return Optional.empty();
    }
    return Optional.of(new ClaimedDelivery(
        new Lease(id, token),
        leaseUntil,
        webhookId,
        version,
        Environments.of(row.getInt("environment")),
        Objects.requireNonNull(row.getString("event_id")),
        new EventName(Objects.requireNonNull(row.getString("event_name"))),
        EventBody.of(body),
        row.getInt("attempts"),
        EpochMicros.toInstant(row.getLong("created_at")),
        EpochMicros.toInstant(row.getLong("due_at")),
        Optional.ofNullable(row.getString("traceparent"))));
  }
}
