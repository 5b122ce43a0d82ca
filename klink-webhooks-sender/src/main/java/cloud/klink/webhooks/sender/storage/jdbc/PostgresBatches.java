package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Outcome;
import java.io.ByteArrayOutputStream;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Many rows in one statement: each column an array. */
final class PostgresBatches {
  /** The bodies come as one value, end to end: an array of them would be sent as hex digits. */
  private static final String INSERT_EVENTS = """
      INSERT INTO klink_event (environment, event_id, created_at, body, traceparent)
      SELECT e.environment, e.event_id, e.created_at,
          substring(CAST(? AS BYTEA) FROM e.start FOR e.size), e.traceparent
      FROM unnest(CAST(? AS INTEGER[]), CAST(? AS TEXT[]), CAST(? AS BIGINT[]),
          CAST(? AS INTEGER[]), CAST(? AS INTEGER[]), CAST(? AS TEXT[])) AS e (environment,
          event_id, created_at, start, size, traceparent)
      ON CONFLICT DO NOTHING
      RETURNING environment, event_id
      """;

  /**
   * Locks events that were there. By that this transaction writes something, so that its commit
   * waits for standbys as the commit that stored them does: until then they may be lost.
   */
  private static final String LOCK_EVENTS = """
      SELECT found.there
      FROM unnest(CAST(? AS INTEGER[]), CAST(? AS TEXT[])) AS e (environment, event_id), LATERAL (
        SELECT 1 AS there
        FROM klink_event k
        WHERE k.environment = e.environment
          AND k.event_id = e.event_id
        FOR KEY SHARE
      ) found
      """;

  /** How many bytes of bodies one statement takes, unless one body alone is longer. */
  private static final int MAX_BODIES = 16 << 20;

  private static final String INSERT_DELIVERIES = """
      INSERT INTO klink_delivery (id, webhook_id, environment, event_id, event_name, due_at,
          lease_until, token, created_at, state, attempts)
      SELECT *, 0, 0
      FROM unnest(CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS INTEGER[]), CAST(? AS TEXT[]),
          CAST(? AS TEXT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]),
          CAST(? AS BIGINT[]))
      """;

  private static final String ATTEMPT =
      "webhook_id, delivery_id, token, number, started_at, duration, failed_at, status, outcome,"
          + " retry_after, method, url, auth_header, error, trace, response,"
          + " response_headers, connected_to, sent_again";

  /**
   * A retry takes its token with it, so that the same outcome again finds nothing. The state is
   * compared so that the index of waiting deliveries does not know it: a planner that saw it empty
   * would read all of it, and what is dead in it, rather than look the ids up.
   *
   * <p>The place of an attempt is {@link AttemptRow.Place}'s code.
   */
  private static final String RECORD = """
      WITH o AS MATERIALIZED (
        SELECT *
        FROM unnest(CAST(? AS TEXT[]), CAST(? AS BIGINT[]), CAST(? AS INTEGER[]),
            CAST(? AS BIGINT[]), CAST(? AS INTEGER[]), CAST(? AS BIGINT[]), CAST(? AS BIGINT[]),
            CAST(? AS BIGINT[]), CAST(? AS INTEGER[]), CAST(? AS INTEGER[]),
            CAST(? AS INTEGER[]), CAST(? AS BIGINT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]),
            CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]),
            CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS TEXT[]), CAST(? AS INTEGER[]),
            CAST(? AS INTEGER[])) AS o (id, token, state, retry_at, number, started_at, duration,
            failed_at, status, outcome, status_class, retry_after, preview, method, url,
            auth_header, error, trace, response, response_headers, connected_to, sent_again, place)
      ),
      done AS (
        UPDATE klink_delivery d
        SET state = o.state, attempts = o.number, due_at = COALESCE(o.retry_at, d.due_at),
            lease_until = NULL, last_outcome = o.outcome, status_class = o.status_class,
            last_status = o.status, last_preview = o.preview,
            token = CASE WHEN o.state = 0 THEN d.token + 1 ELSE d.token END,
            finished_at = CASE WHEN o.state = 0 THEN NULL ELSE CAST(? AS BIGINT) END,
            started_at = CASE WHEN o.place = 1 THEN o.started_at END,
            duration = CASE WHEN o.place = 1 THEN o.duration END,
            retry_after = CASE WHEN o.place = 1 THEN o.retry_after END,
            sent_again = CASE WHEN o.place = 1 THEN o.sent_again END,
            method = CASE WHEN o.place = 1 THEN o.method END,
            url = CASE WHEN o.place = 1 THEN o.url END,
            auth_header = CASE WHEN o.place = 1 THEN o.auth_header END,
            error = CASE WHEN o.place = 1 THEN o.error END,
            trace = CASE WHEN o.place = 1 THEN o.trace END,
            response = CASE WHEN o.place = 1 THEN o.response END,
            response_headers = CASE WHEN o.place = 1 THEN o.response_headers END,
            connected_to = CASE WHEN o.place = 1 THEN o.connected_to END
        FROM o
        WHERE d.id = o.id
          AND d.token = o.token
          AND d.state < 1
        RETURNING d.id, d.webhook_id
      ),
      log AS (
        INSERT INTO klink_failed_attempt (%s)
        SELECT %s
        FROM o
        JOIN done USING (id)
        WHERE o.place = 2
      )
      SELECT id, token
      FROM o
      WHERE id NOT IN (
        SELECT id
        FROM done
      )
      """.formatted(ATTEMPT, ATTEMPT.replace("delivery_id", "id"));

  private PostgresBatches() {}

  static Set<EventKey> insertEvents(Connection connection, List<NewEvent> events)
      throws SQLException {
    Set<EventKey> added = new HashSet<>();
    int from = 0;
    while (from < events.size()) {
      int to = from;
      List<Integer> starts = new ArrayList<>();
      ByteArrayOutputStream bodies = new ByteArrayOutputStream();
      do {
        starts.add(bodies.size() + 1);
        bodies.writeBytes(events.get(to).body().toBytes());
        to++;
      } while (to < events.size() && bodies.size() + events.get(to).body().length() <= MAX_BODIES);
      added.addAll(
          insertEvents(connection, events.subList(from, to), starts, bodies.toByteArray()));
      from = to;
    }
    lockOthers(connection, events, added);
    return added;
  }

  private static void lockOthers(Connection connection, List<NewEvent> events, Set<EventKey> added)
      throws SQLException {
    List<NewEvent> others =
        events.stream().filter(event -> !added.contains(EventKey.of(event))).toList();
    if (!others.isEmpty()) {
      Sql.query(
          connection,
          LOCK_EVENTS,
          row -> row.getInt(1),
          array(connection, "int4", others, e -> Environments.code(e.environment())),
          array(connection, "text", others, NewEvent::id));
    }
  }

  private static List<EventKey> insertEvents(
      Connection connection, List<NewEvent> events, List<Integer> starts, byte[] bodies)
      throws SQLException {
    return Sql.query(
        connection,
        INSERT_EVENTS,
        row ->
            new EventKey(Environments.of(row.getInt(1)), Objects.requireNonNull(row.getString(2))),
        bodies,
        array(connection, "int4", events, e -> Environments.code(e.environment())),
        array(connection, "text", events, NewEvent::id),
        array(connection, "int8", events, e -> EpochMicros.of(e.publishedAt())),
        array(connection, "int4", starts, start -> start),
        array(connection, "int4", events, e -> e.body().length()),
        array(connection, "text", events, e -> e.traceParent().orElse(null)));
  }

  static void insertDeliveries(Connection connection, List<NewDelivery> deliveries)
      throws SQLException {
    Sql.update(
        connection,
        INSERT_DELIVERIES,
        array(connection, "text", deliveries, NewDelivery::id),
        array(connection, "text", deliveries, NewDelivery::webhookId),
        array(connection, "int4", deliveries, d -> Environments.code(d.event().environment())),
        array(connection, "text", deliveries, d -> d.event().id()),
        array(connection, "text", deliveries, d -> d.event().name().value()),
        array(connection, "int8", deliveries, NewDelivery::createdAt),
        array(connection, "int8", deliveries, NewDelivery::leaseUntil),
        array(connection, "int8", deliveries, NewDelivery::token),
        array(connection, "int8", deliveries, NewDelivery::createdAt));
  }

  static Set<Lease> record(Connection connection, List<Outcome> outcomes, Instant now)
      throws SQLException {
    List<Attempt> attempts = outcomes.stream().map(Outcome::attempt).toList();
    List<AttemptResult> results = attempts.stream().map(Attempt::result).toList();
    return new HashSet<>(Sql.query(
        connection,
        RECORD,
        row -> new Lease(Objects.requireNonNull(row.getString(1)), row.getLong(2)),
        array(connection, "text", outcomes, o -> o.lease().deliveryId()),
        array(connection, "int8", outcomes, o -> o.lease().token()),
        array(connection, "int4", outcomes, o -> o.state().code()),
        array(
            connection, "int8", outcomes, o -> o.retryAt().map(EpochMicros::of).orElse(null)),
        array(connection, "int4", attempts, Attempt::number),
        array(connection, "int8", attempts, a -> EpochMicros.of(a.startedAt())),
        array(connection, "int8", attempts, a -> EpochMicros.of(a.duration())),
        array(connection, "int8", attempts, AttemptRow::failedAt),
        array(connection, "int4", attempts, AttemptRow::status),
        array(connection, "int4", results, r -> r.outcome().code()),
        array(connection, "int4", results, r -> StatusClass.of(r).code()),
        array(connection, "int8", attempts, AttemptRow::retryAfter),
        array(connection, "text", results, AttemptResult::preview),
        array(connection, "text", attempts, a -> a.method().id()),
        array(connection, "text", attempts, a -> a.url()),
        array(connection, "text", attempts, a -> a.authenticationHeader()),
        array(connection, "text", attempts, a -> a.result().error()),
        array(connection, "text", attempts, a -> a.result().trace()),
        array(connection, "text", attempts, a -> a.result().response()),
        array(connection, "text", attempts, a -> a.result().responseHeaders()),
        array(connection, "text", attempts, a -> a.result().connectedTo()),
        array(connection, "int4", attempts, AttemptRow::sentAgain),
        array(connection, "int4", outcomes, o -> AttemptRow.place(o).code()),
        EpochMicros.of(now)));
  }

  private static <T> Array array(
      Connection connection, String type, List<T> rows, Function<T, @Nullable Object> column)
      throws SQLException {
    @Nullable
    Object[] values = switch (type) {
      case "text" -> new String[rows.size()];
      case "int4" -> new Integer[rows.size()];
      default -> new Long[rows.size()];
    };
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(rows.get(i));
    }
    return connection.createArrayOf(type, values);
  }
}
