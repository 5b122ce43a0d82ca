package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.receive.Sql.Row;
import cloud.klink.webhooks.verifier.receive.Sql.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Remembers processed events in a database, for all nodes that share it. SQLite, H2 and PostgreSQL
 * are tested; the statements are plain enough for others.
 *
 * <p>Each method takes a connection of its own for a few single statements, each of which is
 * committed by itself; nothing is kept between calls. A crash between two of them leaves a claim
 * that ends with its lease. Safe for use by many threads and many processes. The clocks of nodes
 * that share a database should differ by less than a few seconds.
 *
 * <p>The table {@code klink_processed_events} grows with every event; call {@link #purge} from time
 * to time.
 */
public final class JdbcProcessedEvents implements ProcessedEvents {
  /** How long a statement may take unless another time is given: 5 seconds. */
  public static final Duration DEFAULT_STATEMENT_TIMEOUT = Duration.ofSeconds(5);

  /** About how many events {@link #purge} forgets in one statement. */
  public static final int PURGE_BATCH = 1_000;

  /** A claim that finds its key taken and then free starts again; this is often enough. */
  private static final int MAX_ROUNDS = 10;

  private static final int MAX_MIGRATIONS = 10;

  private static final String INSERT =
      "INSERT INTO klink_processed_events (event_key, token, lease_until) "
          + "SELECT CAST(? AS VARCHAR(200)), CAST(? AS VARCHAR(36)), CAST(? AS BIGINT) "
          + "WHERE NOT EXISTS (SELECT 1 FROM klink_processed_events WHERE event_key = ?)";

  private static final String TAKE_OVER =
      "UPDATE klink_processed_events SET token = ?, lease_until = ? "
          + "WHERE event_key = ? AND done_at IS NULL AND lease_until <= ?";

  private static final String DONE_AT =
      "SELECT done_at FROM klink_processed_events WHERE event_key = ?";

  private static final String MINE = " WHERE event_key = ? AND token = ? AND done_at IS NULL";

  private static final String RENEW = "UPDATE klink_processed_events SET lease_until = ?" + MINE;

  private static final String DONE = "UPDATE klink_processed_events SET done_at = ?" + MINE;

  private static final String RELEASE = "DELETE FROM klink_processed_events" + MINE;

  private static final String END_OF_BATCH =
      "SELECT done_at FROM klink_processed_events WHERE done_at < ? ORDER BY done_at LIMIT 1 OFFSET "
          + (PURGE_BATCH - 1);

  private static final String PURGE_DONE = "DELETE FROM klink_processed_events WHERE done_at < ?";

  private static final String PURGE_ABANDONED =
      "DELETE FROM klink_processed_events WHERE done_at IS NULL AND lease_until < ?";

  private final Sql sql;

  /**
   * A memory in a database, with {@link #DEFAULT_STATEMENT_TIMEOUT}.
   *
   * @param dataSource where connections come from; one with a pool is best. Its own limit for
   *     waiting should be well below the sender's 10 seconds
   */
  public JdbcProcessedEvents(DataSource dataSource) {
    this(dataSource, DEFAULT_STATEMENT_TIMEOUT);
  }

  /**
   * A memory in a database.
   *
   * @param dataSource where connections come from
   * @param statementTimeout how long a statement may take, 1 second to 1 hour, in whole seconds;
   *     what is below a second is cut off
   * @throws IllegalArgumentException if the time is out of its range
   */
  public JdbcProcessedEvents(DataSource dataSource, Duration statementTimeout) {
    if (statementTimeout.compareTo(Duration.ofSeconds(1)) < 0
        || statementTimeout.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "statementTimeout: it must be from 1 second to 1 hour, not " + statementTimeout);
    }
    this.sql = new Sql(dataSource, statementTimeout);
  }

  /**
   * The statements that {@link #migrate} runs, for those who have another tool run them.
   *
   * @return SQL, each statement ended by a semicolon
   */
  public static String ddl() {
    try (InputStream in = JdbcProcessedEvents.class.getResourceAsStream("processed-events.sql")) {
      if (in == null) {
        throw new IllegalStateException("The jar lacks its processed-events.sql");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes the table and its index where they are missing. Many nodes may do so at once, and each
   * may do so at every start.
   *
   * @throws ProcessedEventsException if the database cannot be reached or refuses
   */
  public void migrate() {
    for (int attempt = 1; ; attempt++) {
      try {
        sql.run("make the table", JdbcProcessedEvents::migrate);
        return;
      } catch (ProcessedEventsException e) {
        // Two that make one table at the same time: even IF NOT EXISTS fails for one of them.
        if (attempt == MAX_MIGRATIONS) {
          throw e;
        }
      }
    }
  }

  private static int migrate(Session session) throws SQLException {
    int statements = 0;
    for (String statement : ddl().split(";", -1)) {
      if (!statement.isBlank()) {
        session.update(statement);
        statements++;
      }
    }
    return statements;
  }

  /**
   * Forgets what was done before a time, and claims whose lease ended before it. Safe to call while
   * events come in, and from many nodes. Locks are short: events are forgotten in batches of some
   * {@value #PURGE_BATCH}, more where so many were done in the same millisecond.
   *
   * @param olderThan the time; leave a day at least, for repetitions that people ask for
   * @return how many events were forgotten
   * @throws ProcessedEventsException if the database cannot be reached; the batches before are gone
   */
  public long purge(Instant olderThan) {
    long limit = olderThan.toEpochMilli();
    long total = sql.run("purge", session -> session.update(PURGE_ABANDONED, limit));
    Optional<Row> end;
    do {
      end = sql.run("purge", session -> session.read(END_OF_BATCH, limit));
      long batchLimit = end.map(Row::value).map(last -> last + 1).orElse(limit);
      total += sql.run("purge", session -> session.update(PURGE_DONE, batchLimit));
    } while (end.isPresent());
    return total;
  }

  /**
   * {@inheritDoc}
   *
   * @throws ProcessedEventsException if the database cannot be reached
   */
  @Override
  public Claim claim(String key, Instant now, Instant leaseUntil) {
    String token = UUID.randomUUID().toString();
    Claim.State state = sql.run(
        "claim an event", session -> claim(session, key, token, now, leaseUntil.toEpochMilli()));
    return new Claim(key, state, state == Claim.State.NEW ? token : "");
  }

  private static Claim.State claim(
      Session session, String key, String token, Instant now, long until) throws SQLException {
    SQLException refusal = null;
    for (int round = 0; round < MAX_ROUNDS; round++) {
      try {
        if (session.update(INSERT, key, token, until, key) == 1) {
          return Claim.State.NEW;
        }
      } catch (SQLException e) {
        // Most likely another was faster. Drivers name that in many ways; the row tells.
        refusal = e;
      }
      if (session.update(TAKE_OVER, token, until, key, now.toEpochMilli()) == 1) {
        return Claim.State.NEW;
      }
      Optional<Row> row = session.read(DONE_AT, key);
      if (row.isPresent()) {
        return row.get().value() == null ? Claim.State.IN_PROGRESS : Claim.State.DONE;
      }
      // It was released since.
    }
    if (refusal != null && !isContention(refusal)) {
      throw refusal;
    }
    return Claim.State.IN_PROGRESS;
  }

  /** Whether others were faster: SQL's classes 23 (a key is taken) and 40 (a rollback). */
  private static boolean isContention(SQLException refusal) {
    String state = refusal.getSQLState();
    return state != null && (state.startsWith("23") || state.startsWith("40"));
  }

  /**
   * {@inheritDoc}
   *
   * @throws ProcessedEventsException if the database cannot be reached
   */
  @Override
  public boolean renew(Claim claim, Instant leaseUntil) {
    return sql.run(
            "renew a claim",
            session -> session.update(RENEW, leaseUntil.toEpochMilli(), claim.key(), claim.token()))
        == 1;
  }

  /**
   * {@inheritDoc}
   *
   * @throws ProcessedEventsException if the database cannot be reached
   */
  @Override
  public boolean done(Claim claim, Instant now) {
    return sql.run(
            "mark an event as done",
            session -> session.update(DONE, now.toEpochMilli(), claim.key(), claim.token()))
        == 1;
  }

  /**
   * {@inheritDoc}
   *
   * @throws ProcessedEventsException if the database cannot be reached
   */
  @Override
  public boolean release(Claim claim) {
    return sql.run(
            "release a claim", session -> session.update(RELEASE, claim.key(), claim.token()))
        == 1;
  }
}
