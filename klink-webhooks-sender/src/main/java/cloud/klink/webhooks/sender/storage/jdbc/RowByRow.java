package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Batches for databases in the same process, where a statement more costs little. */
final class RowByRow {
  private static final String INSERT_DELIVERY = """
      INSERT INTO klink_delivery (id, webhook_id, environment, event_id, event_name, state,
          attempts, due_at, lease_until, token, created_at)
      VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?)
      """;

  private static final String ATTEMPTED = """
      UPDATE klink_delivery
      SET attempts = ?, last_outcome = ?, status_class = ?, last_status = ?, last_preview = ?,
          lease_until = NULL,
      """;

  private static final String IF_HELD = " WHERE id = ? AND token = ? AND state = 0";

  /** A retry takes its token with it, so that the same outcome again finds nothing. */
  private static final String RETRY = ATTEMPTED + " due_at = ?, token = token + 1" + IF_HELD;

  private static final String FINISH = ATTEMPTED + " state = ?, finished_at = ?" + IF_HELD;

  private static final String SUCCEED = ATTEMPTED + """
       state = ?, finished_at = ?, started_at = ?, duration = ?, retry_after = ?, sent_again = ?,
          method = ?, url = ?, auth_header = ?, error = ?, trace = ?, response = ?,
          response_headers = ?, connected_to = ?
      """ + IF_HELD;

  private static final String INSERT_FAILED_ATTEMPT = """
      INSERT INTO klink_failed_attempt (delivery_id, number, token, webhook_id, failed_at, status,
          outcome, started_at, duration, retry_after, sent_again, method, url, auth_header, error,
          trace, response, response_headers, connected_to)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private RowByRow() {}

  /** Events by a statement that inserts nothing where there is one. */
  static Set<EventKey> insertEvents(Connection connection, String sql, List<NewEvent> events)
      throws SQLException {
    Set<EventKey> added = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (NewEvent event : events) {
        int environment = Environments.code(event.environment());
        Sql.bind(
            statement,
            environment,
            event.id(),
            EpochMicros.of(event.publishedAt()),
            event.body().toBytes(),
            event.traceParent().orElse(null));
        if (statement.executeUpdate() == 1) {
          added.add(EventKey.of(event));
        }
      }
    }
    return added;
  }

  static void insertDeliveries(Connection connection, List<NewDelivery> deliveries)
      throws SQLException {
    try (PreparedStatement batch = connection.prepareStatement(INSERT_DELIVERY)) {
      for (NewDelivery delivery : deliveries) {
        NewEvent event = delivery.event();
        Sql.add(
            batch,
            delivery.id(),
            delivery.webhookId(),
            Environments.code(event.environment()),
            event.id(),
            event.name().value(),
            delivery.createdAt(),
            delivery.leaseUntil(),
            delivery.token(),
            delivery.createdAt());
      }
      batch.executeBatch();
    }
  }

  static Set<Lease> record(Connection connection, List<Outcome> outcomes, Instant now)
      throws SQLException {
    Set<Lease> stale = new HashSet<>();
    try (PreparedStatement retry = connection.prepareStatement(RETRY);
        PreparedStatement finish = connection.prepareStatement(FINISH);
        PreparedStatement succeed = connection.prepareStatement(SUCCEED);
        PreparedStatement failures = connection.prepareStatement(INSERT_FAILED_ATTEMPT)) {
      for (Outcome outcome : outcomes) {
        AttemptRow.Place place = AttemptRow.place(outcome);
        PreparedStatement update = place == AttemptRow.Place.DELIVERY
            ? succeed
            : outcome.state().isFinal() ? finish : retry;
        Sql.bind(update, update(outcome, place, now).toArray());
        if (update.executeUpdate() != 1) {
          stale.add(outcome.lease());
        } else if (place == AttemptRow.Place.FAILED_ATTEMPT) {
          Sql.add(failures, failedAttempt(outcome).toArray());
        }
      }
      failures.executeBatch();
    }
    return stale;
  }

  private static List<@Nullable Object> update(
      Outcome outcome, AttemptRow.Place place, Instant now) {
    AttemptResult last = outcome.attempt().result();
    List<@Nullable Object> arguments = new ArrayList<>();
    arguments.add(outcome.attempt().number());
    arguments.add(last.outcome().code());
    arguments.add(StatusClass.of(last).code());
    arguments.add(AttemptRow.status(outcome.attempt()));
    arguments.add(last.preview());
    if (outcome.state().isFinal()) {
      arguments.add(outcome.state().code());
      arguments.add(EpochMicros.of(now));
    } else {
      arguments.add(EpochMicros.of(outcome.retryAt().orElseThrow()));
    }
    if (place == AttemptRow.Place.DELIVERY) {
      addAttempt(arguments, outcome.attempt());
    }
    arguments.add(outcome.lease().deliveryId());
    arguments.add(outcome.lease().token());
    return arguments;
  }

  private static List<@Nullable Object> failedAttempt(Outcome outcome) {
    Attempt attempt = outcome.attempt();
    List<@Nullable Object> arguments = new ArrayList<>();
    arguments.add(outcome.lease().deliveryId());
    arguments.add(attempt.number());
    arguments.add(outcome.lease().token());
    arguments.add(outcome.webhookId());
    arguments.add(AttemptRow.failedAt(attempt));
    arguments.add(AttemptRow.status(attempt));
    arguments.add(attempt.result().outcome().code());
    addAttempt(arguments, attempt);
    return arguments;
  }

  /** From {@code started_at} to {@code connected_to}. */
  private static void addAttempt(List<@Nullable Object> arguments, Attempt attempt) {
    AttemptResult result = attempt.result();
    arguments.add(EpochMicros.of(attempt.startedAt()));
    arguments.add(EpochMicros.of(attempt.duration()));
    arguments.add(AttemptRow.retryAfter(attempt));
    arguments.add(AttemptRow.sentAgain(attempt));
    arguments.add(attempt.method().id());
    arguments.add(attempt.url());
    arguments.add(attempt.authenticationHeader());
    arguments.add(result.error());
    arguments.add(result.trace());
    arguments.add(result.response());
    arguments.add(result.responseHeaders());
    arguments.add(result.connectedTo());
  }
}
