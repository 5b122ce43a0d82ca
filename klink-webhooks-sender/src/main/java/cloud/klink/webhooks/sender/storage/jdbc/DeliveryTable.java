package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.jdbc.Sql.Query;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at deliveries, attempts and events. */
final class DeliveryTable {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcStorage.class);

  /** The columns of a delivery. */
  static final String DELIVERY =
      "id, webhook_id, environment, event_id, event_name, state, attempts, due_at, lease_until,"
          + " created_at, finished_at, last_outcome, status_class, last_status, last_preview, redelivery_of,"
          + " redelivered_as";

  private static final String FIND = "SELECT " + DELIVERY + " FROM klink_delivery WHERE id = ?";

  /** The columns of an attempt. */
  static final String ATTEMPT =
      "number, started_at, duration, failed_at, status, outcome, retry_after, sent_again, method,"
          + " url, auth_header, error, trace, response, response_headers, connected_to";

  /** One that succeeded is a part of its delivery's row. */
  private static final String ATTEMPTS = """
      SELECT %s
      FROM klink_failed_attempt
      WHERE delivery_id = ?
      UNION ALL
      SELECT attempts, started_at, duration, NULL, last_status, last_outcome, retry_after,
          sent_again, method, url, auth_header, error, trace, response, response_headers,
          connected_to
      FROM klink_delivery
      WHERE id = ?
        AND started_at IS NOT NULL
      ORDER BY number
      """.formatted(ATTEMPT);

  private static final String BODY =
      "SELECT body FROM klink_event WHERE environment = ? AND event_id = ?";

  /** The state is compared so that the id's index is used, whatever the planner has seen. */
  private static final String COMMITTED = """
      SELECT d.id, d.token, w.version
      FROM klink_delivery d
      LEFT JOIN klink_webhook w ON w.id = d.webhook_id
      WHERE d.state < 1
        AND d.lease_until IS NOT NULL
        AND d.id IN (
      """;

  /** Those of the deliveries that are committed and still leased as they were. */
  static Query<Optional<ClaimedDelivery>> committed(List<ClaimedDelivery> handedOff) {
    Map<Lease, ClaimedDelivery> byLease = new HashMap<>();
    handedOff.forEach(delivery -> byLease.put(delivery.lease(), delivery));
    List<String> ids = handedOff.stream().map(ClaimedDelivery::deliveryId).toList();
    return new Query<>(
        COMMITTED + Sql.marks(ids.size()) + ")", row -> committed(row, byLease), Sql.padded(ids));
  }

  private static Optional<ClaimedDelivery> committed(
      ResultSet row, Map<Lease, ClaimedDelivery> byLease) throws SQLException {
    Lease lease = new Lease(Objects.requireNonNull(row.getString(1)), row.getLong(2));
    long version = row.getLong(3); // 0 if there is none
    return Optional.ofNullable(byLease.get(lease))
        .map(delivery -> delivery.withWebhookVersion(version));
  }

  Optional<Delivery> find(Connection connection, String id) throws SQLException {
    try {
      return Sql.query(connection, FIND, DeliveryTable::delivery, id).stream().findFirst();
    } catch (IllegalArgumentException e) {
      throw new StorageException(
          SenderReason.STORAGE_CORRUPT,
          "storage: the row of delivery " + id + " holds what no row may hold: " + e.getMessage(),
          e);
    }
  }

  List<Attempt> attempts(Connection connection, String deliveryId) throws SQLException {
    return Sql.query(
            connection, ATTEMPTS, row -> soundAttempt(row, deliveryId), deliveryId, deliveryId)
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  Optional<EventBody> body(Connection connection, Environment environment, String eventId)
      throws SQLException {
    return Sql.query(
            connection,
            BODY,
            row -> EventBody.of(Objects.requireNonNull(row.getBytes(1))),
            Environments.code(environment),
            eventId)
        .stream()
        .findFirst();
  }

  /** Empty, and a line in the log, if the row holds what no row may hold. */
  static Optional<Delivery> sound(ResultSet row) throws SQLException {
    try {
      return Optional.of(delivery(row));
    } catch (IllegalArgumentException e) {
      LOG.warn("The row of delivery {} is damaged and left out", row.getString("id"), e);
      return Optional.empty();
    }
  }

  static Optional<Attempt> soundAttempt(ResultSet row, String deliveryId) throws SQLException {
    try {
      return Optional.of(attempt(row, deliveryId));
    } catch (IllegalArgumentException e) {
      LOG.warn("A row of an attempt at delivery {} is damaged and left out", deliveryId, e);
      return Optional.empty();
    }
  }

  private static Delivery delivery(ResultSet row) throws SQLException {
    DeliveryState state = DeliveryState.ofCode(row.getInt("state"));
    Delivery.Builder delivery = Delivery.builder()
        .id(Objects.requireNonNull(row.getString("id")))
        .webhookId(Objects.requireNonNull(row.getString("webhook_id")))
        .environment(Environments.of(row.getInt("environment")))
        .eventId(Objects.requireNonNull(row.getString("event_id")))
        .eventName(new EventName(Objects.requireNonNull(row.getString("event_name"))))
        .state(state)
        .attempts(row.getInt("attempts"))
        .dueAt(state.isFinal() ? null : dueAt(row))
        .createdAt(EpochMicros.toInstant(row.getLong("created_at")))
        .finishedAt(EpochMicros.toInstant(Sql.nullableLong(row, "finished_at")).orElse(null))
        .redeliveryOf(row.getString("redelivery_of"))
        .redeliveredAs(row.getString("redelivered_as"));
    OptionalInt outcome = nullableInt(row, "last_outcome");
    if (outcome.isPresent()) {
      checkStatusClass(row.getInt("status_class"));
      delivery.lastAttempt(
          AttemptOutcome.ofCode(outcome.getAsInt()),
          nullableInt(row, "last_status"),
          Objects.requireNonNull(row.getString("last_preview")));
    }
    return delivery.build();
  }

  /** While it is leased, the end of the lease. */
  private static Instant dueAt(ResultSet row) throws SQLException {
    Long leaseUntil = Sql.nullableLong(row, "lease_until");
    long dueAt = row.getLong("due_at");
    return EpochMicros.toInstant(leaseUntil == null ? dueAt : Math.max(dueAt, leaseUntil));
  }

  /** An attempt whose outcome cannot be read still counts as a failure. */
  static Failure failure(ResultSet row) throws SQLException {
    Instant endedAt = EpochMicros.toInstant(row.getLong("failed_at"));
    try {
      return new Failure(
          endedAt, AttemptOutcome.ofCode(row.getInt("outcome")), nullableInt(row, "status"));
    } catch (IllegalArgumentException e) {
      return new Failure(endedAt, AttemptOutcome.INTERNAL, OptionalInt.empty());
    }
  }

  /** Searches rely on the column, so a row of which it is damaged is left out. */
  private static void checkStatusClass(int code) {
    StatusClass.ofCode(code);
  }

  private static OptionalInt nullableInt(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(value);
  }

  private static Attempt attempt(ResultSet row, String deliveryId) throws SQLException {
    Long retryAfter = Sql.nullableLong(row, "retry_after");
    return new Attempt(
        deliveryId,
        row.getInt("number"),
        EpochMicros.toInstant(row.getLong("started_at")),
        EpochMicros.toDuration(row.getLong("duration")),
        DeliveryMethod.ofId(Objects.requireNonNull(row.getString("method"))),
        Objects.requireNonNull(row.getString("url")),
        Objects.requireNonNull(row.getString("auth_header")),
        new AttemptResult(
            AttemptOutcome.ofCode(row.getInt("outcome")),
            nullableInt(row, "status"),
            Optional.ofNullable(retryAfter).map(EpochMicros::toDuration),
            Objects.requireNonNull(row.getString("error")),
            Objects.requireNonNull(row.getString("trace")),
            Objects.requireNonNull(row.getString("response")),
            Objects.requireNonNull(row.getString("response_headers")),
            Objects.requireNonNull(row.getString("connected_to")),
            row.getInt("sent_again") != 0));
  }
}
