package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.jdbc.Sql.Work;
import java.sql.Connection;
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
   * Settings of each transaction, in one round trip. Another level of isolation would look at the
   * failures of a moment before the lock was got. Plans are kept by the connection for long, so one
   * that was made while a table was small must do for a large one; and none is worth compiling.
   */
  private static final String BEGIN = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
      + "SET LOCAL enable_seqscan = off;SET LOCAL jit = off;SET LOCAL statement_timeout = '%ds'";

  /** By the table's own number, since its name may be found in several schemas. */
  private static final String PLACE = "SELECT 'database ' || current_database() || ', table '"
      + " || COALESCE(CAST(CAST(to_regclass('klink_event') AS OID) AS TEXT), 'missing')";

  /** How many rows a range of time has is a guess, and what was guessed for one serves others. */
  private static final String FOLLOW_INDEXES = "SET LOCAL enable_bitmapscan = off;"
      + "SET LOCAL enable_sort = off;SET LOCAL enable_hashjoin = off;SET LOCAL enable_mergejoin = off";

  private final PostgresClaim claim;

  PostgresDialect() {
    this(System::nanoTime);
  }

  /** A dialect that measures by a clock of its own how long claims take. */
  PostgresDialect(LongSupplier nanoTime) {
    this.claim = new PostgresClaim(new Looks(nanoTime));
  }

  @Override
  public JdbcDatabase database() {
    return JdbcDatabase.POSTGRESQL;
  }

  @Override
  public void prepare(Connection connection) {
    // Nothing is to be set.
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
    return Transactions.run(connection, c -> {
      Sql.update(c, BEGIN.formatted(deadline.seconds()));
      return work.on(c);
    });
  }

  @Override
  public <T> T read(Connection connection, Deadline deadline, Work<T> work) throws SQLException {
    return write(connection, deadline, work);
  }

  @Override
  public boolean isConflict(SQLException e) {
    String state = e.getSQLState();
    return e instanceof Beaten || "40001".equals(state) || "40P01".equals(state);
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
