package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.jdbc.Sql.Query;
import cloud.klink.webhooks.sender.storage.jdbc.Sql.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What differs between databases. */
interface Dialect {
  JdbcDatabase database();

  /**
   * Statements that set what the database needs for good; to be run outside of a transaction,
   * whatever its version.
   */
  default List<String> settings() {
    return List.of();
  }

  /**
   * A query for how many tables of versions there are in the schema in which tables would be made,
   * which works without one.
   */
  String countsVersionTables();

  /** Which tables a connection's statements go to, in some words. */
  String place(Connection connection) throws SQLException;

  /** What is missing in the settings of a connection, for the log. */
  default List<String> warnings(Connection connection) throws SQLException {
    return List.of();
  }

  /** Migrates while no other node does. */
  void migrate(Connection connection, Deadline deadline, Work<Integer> migration)
      throws SQLException;

  /** Runs work so that an interrupt of the calling thread cannot harm the database. */
  default <T> T shielded(Connection connection, Shielded<T> work) throws SQLException {
    return work.run();
  }

  /** Work that a database may want to be done by another thread. */
  interface Shielded<T> {
    T run() throws SQLException;
  }

  /**
   * Limits how long the connection waits for the database, as far as the driver can, and leaves the
   * connection as it was.
   */
  <T> T limited(Connection connection, Deadline deadline, Work<T> work) throws SQLException;

  /**
   * A transaction that begins, is committed or rolled back, and leaves the connection as it was.
   */
  <T> T write(Connection connection, Deadline deadline, Work<T> work) throws SQLException;

  /** The same, but a statement that waits for the lock of a row fails after a short time. */
  default <T> T writeWithLockTimeout(Connection connection, Deadline deadline, Work<T> work)
      throws SQLException {
    return write(connection, deadline, work);
  }

  /** The same as {@link #write} for a single statement that only reads. */
  <T> T read(Connection connection, Deadline deadline, Work<T> work) throws SQLException;

  /** The rows of a query, as {@link #read} gives them, in as few round trips as possible. */
  default <T> List<T> query(Connection connection, Deadline deadline, Query<T> query)
      throws SQLException {
    return read(connection, deadline, query::on);
  }

  /** What a failure means: its own SQL state or vendor code, without those behind it. */
  FailureMeaning meaning(SQLException e);

  /** Refuses a database that cannot keep every text. */
  default void checkEncoding(Connection connection) throws SQLException {
    // Most keep every text.
  }

  /** Whether connections open and close files, which an interrupt of the thread disturbs. */
  default boolean opensFiles() {
    return false;
  }

  /** Whether the connection can do no more work, even if it is still open. */
  boolean isUseless(SQLException e);

  /** Whether a statement was refused because one before it in its transaction had failed. */
  default boolean isInFailedTransaction(SQLException e) {
    return false;
  }

  /**
   * Has the queries that follow in this transaction read in the order of an index, as far as they
   * need to, and not collect first what they then sort.
   */
  void followIndexes(Connection connection) throws SQLException;

  /** Makes sure that the writers of a transaction of the caller's do not meet. */
  void join(Connection connection) throws SQLException;

  /** What follows a query whose rows no other transaction may change until this one ends. */
  String forUpdate();

  /** The same for rows that may be left out if another transaction is changing them. */
  String skipLocked();

  /**
   * Has the commit of this transaction wait for copies as that of a write does. A transaction that
   * finds its work done, by one whose commit may still wait, has written nothing to wait for.
   */
  default void awaitCopies(Connection connection) throws SQLException {
    // Embedded databases have no copies.
  }

  /** Stores events; gives those that were not there. */
  Set<EventKey> insertEvents(Connection connection, List<NewEvent> events) throws SQLException;

  void insertDeliveries(Connection connection, List<NewDelivery> deliveries) throws SQLException;

  Claims claim(Database database, ClaimRequest request);

  /** This node has made deliveries due at this time, which may be long ago. */
  default void due(Instant at) {
    // Most claims look at all times.
  }

  /** Writes outcomes; returns the leases that are no longer valid. */
  Set<Lease> record(Connection connection, List<Outcome> outcomes, Instant now) throws SQLException;
}
