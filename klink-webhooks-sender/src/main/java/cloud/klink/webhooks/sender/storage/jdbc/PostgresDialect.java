package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.jdbc.Sql.Query;
import cloud.klink.webhooks.sender.storage.jdbc.Sql.Work;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;

/** PostgreSQL: many writers, rows locked one by one, batches in arrays. */
final class PostgresDialect implements Dialect {
  /** Any number, as long as no other software takes the same. */
  private static final String LOCK = "SELECT pg_advisory_xact_lock(7238402935812340711)";

  /**
   * A node that freezes within a transaction would keep its locks as long as its session lasts; the
   * database ends it when nothing was asked within a transaction for so many seconds.
   */
  private static final int MAX_IDLE_SECONDS = 10;

  private static final String END_IF_IDLE =
      "SET LOCAL idle_in_transaction_session_timeout = " + MAX_IDLE_SECONDS * 1_000 + ";";

  /**
   * Settings of each transaction, in one round trip. Another level of isolation would look at the
   * failures of a moment before the lock was got. Plans are kept by the connection for long, so one
   * that was made while a table was small must do for a large one; and none is worth compiling.
   */
  private static final String SETTINGS = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
      + END_IF_IDLE
      + "SET LOCAL enable_seqscan = off;SET LOCAL jit = off;SET LOCAL statement_timeout = '%ds'";

  /** In milliseconds: other transactions of this library end sooner. */
  private static final String LOCK_TIMEOUT = "SET LOCAL lock_timeout = 500";

  /** By the table's own number, since its name may be found in several schemas. */
  private static final String PLACE = """
      SELECT 'database ' || current_database()
          || ', table ' || COALESCE(CAST(CAST(to_regclass('klink_event') AS OID) AS TEXT), 'missing')
      """;

  /** How many rows a range of time has is a guess, and what was guessed for one serves others. */
  private static final String FOLLOW_INDEXES = "SET LOCAL enable_bitmapscan = off;"
      + "SET LOCAL enable_sort = off;SET LOCAL enable_hashjoin = off;SET LOCAL enable_mergejoin = off";

  /**
   * A commit waits for standbys if its transaction has a number and has written to the log. A
   * transactional message does both, needs no right, and changes nothing.
   */
  private static final String WRITE_TO_LOG =
      "SELECT pg_logical_emit_message(true, 'klink_webhooks', '')";

  private final PostgresClaim claim;

  PostgresDialect() {
    this(System::nanoTime);
  }

  /** A dialect that measures by a clock of its own how long claims take. */
  PostgresDialect(LongSupplier nanoTime) {
    this.claim = new PostgresClaim(new ClaimScans(nanoTime));
  }

  @Override
  public JdbcDatabase database() {
    return JdbcDatabase.POSTGRESQL;
  }

  @Override
  public String countsVersionTables() {
    return "SELECT count(to_regclass(quote_ident(current_schema()) || '.klink_schema_version'))";
  }

  @Override
  public String place(Connection connection) throws SQLException {
    return Objects.requireNonNull(
        Sql.query(connection, PLACE, row -> row.getString(1)).get(0));
  }

  @Override
  public List<String> warnings(Connection connection) throws SQLException {
    return PostgresConnections.warnings(connection);
  }

  @Override
  public void migrate(Connection connection, Deadline deadline, Work<Integer> migration)
      throws SQLException {
    Transactions.run(connection, c -> {
      Sql.execute(c, END_IF_IDLE);
      Sql.execute(c, LOCK);
      return migration.on(c);
    });
  }

  @Override
  public <T> T limited(Connection connection, Deadline deadline, Work<T> work) throws SQLException {
    return PostgresConnections.limited(connection, deadline, work);
  }

  @Override
  public <T> T write(Connection connection, Deadline deadline, Work<T> work) throws SQLException {
    return begun(connection, SETTINGS.formatted(deadline.seconds()), work);
  }

  @Override
  public <T> T writeWithLockTimeout(Connection connection, Deadline deadline, Work<T> work)
      throws SQLException {
    return begun(connection, SETTINGS.formatted(deadline.seconds()) + ";" + LOCK_TIMEOUT, work);
  }

  private static <T> T begun(Connection connection, String settings, Work<T> work)
      throws SQLException {
    return Transactions.run(connection, c -> {
      Sql.update(c, settings);
      return work.on(c);
    });
  }

  @Override
  public <T> T read(Connection connection, Deadline deadline, Work<T> work) throws SQLException {
    return write(connection, deadline, work);
  }

  /** The transaction is sent with its query, so that its answer is all there is to wait for. */
  @Override
  public <T> List<T> query(Connection connection, Deadline deadline, Query<T> query)
      throws SQLException {
    if (!connection.getAutoCommit()) {
      return read(connection, deadline, query::on); // It is the driver that begins one.
    }
    String sql = "BEGIN;" + SETTINGS.formatted(deadline.seconds()) + ";" + query.sql() + ";COMMIT";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Sql.bind(statement, query.arguments().toArray());
      boolean hasRows = statement.execute();
      while (!hasRows && statement.getUpdateCount() >= 0) {
        hasRows = statement.getMoreResults();
      }
      return Sql.rows(statement.getResultSet(), query.row());
    } catch (SQLException e) {
      PostgresConnections.rollback(connection);
      throw e;
    }
  }

  @Override
  public FailureMeaning meaning(SQLException e) {
    return FailureMeaning.ofState(e.getSQLState());
  }

  @Override
  public void checkEncoding(Connection connection) throws SQLException {
    String encoding =
        Sql.query(connection, "SHOW server_encoding", row -> row.getString(1)).get(0);
    if (!"UTF8".equals(encoding)) {
      throw new StorageException(
          SenderReason.STORAGE_WRONG_ENCODING,
          "storage: the encoding of the PostgreSQL database is " + encoding
              + ", which does not hold every text that endpoints answer; it must be UTF8:"
              + " CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0",
          null);
    }
  }

  @Override
  public boolean isUseless(SQLException e) {
    return PostgresConnections.isUseless(e.getSQLState());
  }

  @Override
  public boolean isInFailedTransaction(SQLException e) {
    return "25P02".equals(e.getSQLState());
  }

  @Override
  public void followIndexes(Connection connection) throws SQLException {
    Sql.update(connection, FOLLOW_INDEXES);
  }

  @Override
  public void join(Connection connection) {
    // The rows' own locks do.
  }

  @Override
  public String forUpdate() {
    return " FOR UPDATE";
  }

  @Override
  public String skipLocked() {
    return " FOR UPDATE SKIP LOCKED";
  }

  @Override
  public void awaitCopies(Connection connection) throws SQLException {
    Sql.execute(connection, WRITE_TO_LOG);
  }

  @Override
  public Set<EventKey> insertEvents(Connection connection, List<NewEvent> events)
      throws SQLException {
    return PostgresBatches.insertEvents(connection, events);
  }

  @Override
  public void insertDeliveries(Connection connection, List<NewDelivery> deliveries)
      throws SQLException {
    PostgresBatches.insertDeliveries(connection, deliveries);
  }

  @Override
  public Claims claim(Database database, ClaimRequest request) {
    return claim.claim(database, request);
  }

  @Override
  public void due(Instant at) {
    claim.due(at);
  }

  @Override
  public Set<Lease> record(Connection connection, List<Outcome> outcomes, Instant now)
      throws SQLException {
    return PostgresBatches.record(connection, outcomes, now);
  }
}
