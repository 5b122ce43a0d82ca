package cloud.klink.webhooks.verifier.deduplication;

import cloud.klink.webhooks.internal.Ranges;
import cloud.klink.webhooks.verifier.deduplication.Database.Row;
import cloud.klink.webhooks.verifier.deduplication.Database.Session;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Remembers processed events in a database, for all nodes that share it. PostgreSQL, MariaDB (with
 * its own driver and with MySQL's), SQLite, H2, HSQLDB and Derby are tested. Oracle and SQL Server
 * are not; {@link #migrate} tests whether a database keeps these guarantees, and refuses one that
 * does not.
 *
 * <p>Each method takes a connection of its own and runs a few statements, each in a transaction of
 * its own. Nothing is kept between calls. After a crash between two statements, a claim remains
 * until its lease ends. A connection with auto-commit off is refused before any statement, because
 * a transaction of the caller's may be open on it; see {@link Builder#autoCommitOff}. Keys are
 * compared byte by byte, whatever the database's collation. Safe for use by many threads and many
 * processes. The clocks of nodes that share a database must differ by no more than a few seconds.
 *
 * <p>An event is reported as done only once the database has committed that durably; with a
 * synchronous standby, PostgreSQL has it on the standby as well. To ensure this, each repetition of
 * a done event writes to its row.
 *
 * <p>The table {@code klink_processed_events} grows with every event; call {@link #purge} from time
 * to time.
 */
public final class JdbcProcessedEvents implements ProcessedEvents {
  /** The default timeout of a statement: 5 seconds. */
  public static final Duration DEFAULT_STATEMENT_TIMEOUT = Duration.ofSeconds(5);

  /** About how many events {@link #purge} forgets in one statement. */
  public static final int PURGE_BATCH = 1_000;

  /** A claim that finds its key taken and then free starts again; this is often enough. */
  private static final int MAX_ROUNDS = 10;

  private static final String FIND = """
      SELECT done_at, lease_until
      FROM klink_processed_events
      WHERE event_key = ?
      """;

  private static final String INSERT = """
      INSERT INTO klink_processed_events (event_key, event_name, token, lease_until)
      VALUES (?, ?, ?, ?)
      """;

  private static final String TAKE_OVER = """
      UPDATE klink_processed_events
      SET token = ?, lease_until = ?
      WHERE event_key = ? AND done_at IS NULL AND lease_until <= ?
      """;

  private static final String RENEW = """
      UPDATE klink_processed_events
      SET lease_until = ?
      WHERE event_key = ? AND token = ? AND done_at IS NULL
      """;

  private static final String DONE = """
      UPDATE klink_processed_events
      SET done_at = ?
      WHERE event_key = ? AND token = ? AND done_at IS NULL
      """;

  /**
   * Writes to a row that is done, in a column that no longer means anything. A database with
   * synchronous standbys then waits for them before it commits, and so for the mark too, which may
   * not have reached them.
   */
  private static final String CONFIRM = """
      UPDATE klink_processed_events
      SET lease_until = ?
      WHERE event_key = ? AND done_at IS NOT NULL
      """;

  private static final String RELEASE = """
      DELETE FROM klink_processed_events
      WHERE event_key = ? AND token = ? AND done_at IS NULL
      """;

  private static final String REMOVE = """
      DELETE FROM klink_processed_events
      WHERE event_key = ?
      """;

  private static final String OLDEST_DONE = """
      SELECT done_at
      FROM klink_processed_events
      WHERE done_at < ?
      ORDER BY done_at
      """;

  private static final String PURGE_DONE = """
      DELETE FROM klink_processed_events
      WHERE done_at < ?
      """;

  private static final String PURGE_ABANDONED = """
      DELETE FROM klink_processed_events
      WHERE done_at IS NULL AND lease_until < ?
      """;

  private final Database database;

  /**
   * A store in a database, with {@link #DEFAULT_STATEMENT_TIMEOUT}.
   *
   * @param dataSource where connections come from, preferably a pool whose connection timeout is
   *     well below the sender's 10 seconds. In Spring, give the DataSource itself, not a
   *     TransactionAwareDataSourceProxy
   */
  public JdbcProcessedEvents(DataSource dataSource) {
    this(builder(dataSource));
  }

  private JdbcProcessedEvents(Builder builder) {
    this.database =
        new Database(builder.dataSource, builder.statementTimeout, builder.autoCommitOff);
  }

  /**
   * Starts a store with other settings.
   *
   * @param dataSource where connections come from, as for the constructor
   * @return a builder that is complete
   */
  public static Builder builder(DataSource dataSource) {
    return new Builder(dataSource);
  }

  /**
   * The statement that {@link #migrate} runs if the table is missing, for another tool to run. The
   * same for every database.
   *
   * @return SQL, with comments, ended by a semicolon
   */
  public static String ddl() {
    return ProcessedEventsTable.ddl();
  }

  /**
   * Creates the table if it is missing in the schema in which the connections create tables, and
   * tests the database by claiming keys and marking one: exactly one of two claims must win, and
   * {@code a}, {@code A} and {@code a} with a space must be different keys. Many nodes may do this
   * at once, and at every start. The test removes the rows that it wrote.
   *
   * @throws ProcessedEventsException if the database cannot be reached, refuses, or fails the test
   */
  public void migrate() {
    database.run("make the table", session -> {
      ProcessedEventsTable.create(session);
      return true;
    });
    ProcessedEventsTable.prove(this);
  }

  /**
   * Forgets the events that were done before a time, and the claims whose lease ended before it.
   * Safe to call while events arrive, and from many nodes. Locks are short: events are deleted in
   * batches of about {@value #PURGE_BATCH}, or more if more were done in the same millisecond.
   *
   * @param olderThan the time, at least a day ago, because users may request a repetition later
   * @return how many events were forgotten
   * @throws ProcessedEventsException if the database cannot be reached; earlier batches stay
   *     deleted
   */
  public long purge(Instant olderThan) {
    long limit = olderThan.toEpochMilli();
    long total = database.run("purge", session -> session.update(PURGE_ABANDONED, limit));
    Optional<Long> end;
    do {
      end = database.run("purge", session -> session.read(PURGE_BATCH, OLDEST_DONE, limit));
      long batchLimit = end.map(last -> last + 1).orElse(limit);
      total += database.run("purge", session -> session.update(PURGE_DONE, batchLimit));
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
    return database.run(
        "claim an event", session -> claim(session, key, now, leaseUntil.toEpochMilli()));
  }

  private static Claim claim(Session session, String key, Instant now, long until)
      throws SQLException {
    String token = UUID.randomUUID().toString();
    String hash = hash(key);
    SQLException refusal = null;
    for (int round = 0; round < MAX_ROUNDS && !(refusal != null && session.isOver()); round++) {
      Optional<Row> row = session.read(FIND, hash);
      if (row.isPresent()) {
        if (row.get().doneAt() != null) {
          if (session.updateSafely(CONFIRM, now.toEpochMilli(), hash) == 1) {
            return Claim.done(key);
          }
          continue;
        }
        if (row.get().leaseUntil() > now.toEpochMilli()) {
          return Claim.inProgress(key);
        }
        if (session.update(TAKE_OVER, token, until, hash, now.toEpochMilli()) == 1) {
          return Claim.granted(key, token);
        }
        continue;
      }
      try {
        session.update(INSERT, hash, key, token, until);
        return Claim.granted(key, token);
      } catch (SQLException e) {
        // Most likely another was faster. Drivers name that in many ways; the row tells.
        refusal = e;
        session.afterFailure();
      }
    }
    if (refusal != null && !isContention(refusal)) {
      throw refusal;
    }
    return Claim.inProgress(key);
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
    return change("renew a claim", RENEW, leaseUntil.toEpochMilli(), hash(claim), claim.token());
  }

  /**
   * {@inheritDoc}
   *
   * @throws ProcessedEventsException if the database cannot be reached
   */
  @Override
  public boolean done(Claim claim, Instant now) {
    return change("mark an event", DONE, now.toEpochMilli(), hash(claim), claim.token());
  }

  /**
   * {@inheritDoc}
   *
   * @return true
   */
  @Override
  public boolean isTransactional() {
    return true;
  }

  @Override
  public boolean done(Connection connection, Claim claim, Instant now) throws SQLException {
    if (connection.getAutoCommit()) {
      throw new IllegalArgumentException("connection: auto-commit is on, so there is no"
          + " transaction to mark the event in; call setAutoCommit(false) first");
    }
    return database.joining(connection).update(DONE, now.toEpochMilli(), hash(claim), claim.token())
        == 1;
  }

  /**
   * {@inheritDoc}
   *
   * @throws ProcessedEventsException if the database cannot be reached
   */
  @Override
  public boolean release(Claim claim) {
    return change("release a claim", RELEASE, hash(claim), claim.token());
  }

  private boolean change(String what, String statement, Object... arguments) {
    return database.run(what, session -> session.update(statement, arguments)) == 1;
  }

  /** Forgets a key, whatever its state. */
  void remove(String key) {
    change("remove a key", REMOVE, hash(key));
  }

  private static String hash(Claim claim) {
    return hash(claim.key());
  }

  private static String hash(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform must provide SHA-256", e);
    }
  }

  /** Collects the settings. Not for use by several threads. */
  public static final class Builder {
    private final DataSource dataSource;
    private Duration statementTimeout = DEFAULT_STATEMENT_TIMEOUT;
    private boolean autoCommitOff;

    private Builder(DataSource dataSource) {
      this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    }

    /**
     * How long a statement may take; {@link #DEFAULT_STATEMENT_TIMEOUT} unless this is called.
     *
     * @param statementTimeout 1 second to 1 hour; it is truncated to whole seconds
     * @return this builder
     */
    public Builder statementTimeout(Duration statementTimeout) {
      this.statementTimeout = Objects.requireNonNull(statementTimeout, "statementTimeout");
      return this;
    }

    /**
     * Declares that the pool hands out all connections with auto-commit off. Each statement is then
     * followed by a commit. Never set it for a DataSource that joins the caller's transactions:
     * they would be committed.
     *
     * @return this builder
     */
    public Builder autoCommitOff() {
      this.autoCommitOff = true;
      return this;
    }

    /**
     * Builds the store.
     *
     * @return the store; the database has not been accessed yet
     * @throws IllegalArgumentException if a setting is out of its range; the message names it
     */
    public JdbcProcessedEvents build() {
      Ranges.check(
          "statementTimeout", statementTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
      return new JdbcProcessedEvents(this);
    }
  }
}
