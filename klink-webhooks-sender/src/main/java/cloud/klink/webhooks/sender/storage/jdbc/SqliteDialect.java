package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.jdbc.Sql.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** SQLite: one writer, which says so when it begins, so that it never fails half-way. */
final class SqliteDialect implements EmbeddedDialect {
  private static final String INSERT_EVENT = """
      INSERT INTO klink_event (environment, event_id, created_at, body, traceparent)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING
      """;

  private static final String PLACE = "SELECT file FROM pragma_database_list WHERE name = 'main'";

  private static final String BUSY_TIMEOUT = "PRAGMA busy_timeout";

  private static final int FULL = 2;

  /** SQLITE_BUSY and SQLITE_LOCKED. */
  private static final Set<Integer> CONFLICTS = Set.of(5, 6);

  /**
   * SQLITE_PERM, NOMEM, READONLY, INTERRUPT, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOLFS, AUTH
   * and NOTADB.
   */
  private static final Set<Integer> DOWN = Set.of(3, 7, 8, 9, 10, 11, 13, 14, 15, 22, 23, 26);

  /**
   * Threads of one process wait for each other here, in turn; SQLite itself would have them poll.
   */
  private final ReentrantLock writer = new ReentrantLock(true);

  private final FullScanSchedule fullScans;

  SqliteDialect() {
    this(System::nanoTime);
  }

  /** A dialect that tells by a clock of its own when claims walk through all queues. */
  SqliteDialect(LongSupplier nanoTime) {
    this.fullScans = new FullScanSchedule(nanoTime);
  }

  @Override
  public JdbcDatabase database() {
    return JdbcDatabase.SQLITE;
  }

  @Override
  public List<String> settings() {
    return List.of("PRAGMA journal_mode = WAL");
  }

  @Override
  public String countsVersionTables() {
    return "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'klink_schema_version'";
  }

  @Override
  public String place(Connection connection) throws SQLException {
    return "file " + Sql.query(connection, PLACE, row -> row.getString(1)).get(0);
  }

  @Override
  public void migrate(Connection connection, Deadline deadline, Work<Integer> migration)
      throws SQLException {
    write(connection, deadline, migration);
  }

  @Override
  public <T> T limited(Connection connection, Deadline deadline, Work<T> work) throws SQLException {
    return Transactions.none(connection, c -> {
      int before = Sql.query(c, BUSY_TIMEOUT, row -> row.getInt(1)).get(0);
      waitAtMost(c, deadline.millis());
      try {
        return work.on(c);
      } finally {
        waitAtMost(c, before);
      }
    });
  }

  /** For a lock. */
  private static void waitAtMost(Connection connection, int millis) throws SQLException {
    Sql.execute(connection, BUSY_TIMEOUT + " = " + millis);
  }

  @Override
  public <T> T write(Connection connection, Deadline deadline, Work<T> work) throws SQLException {
    lock(deadline);
    try {
      // Left to itself, the driver would begin with the first statement, and not for writing.
      return Transactions.none(connection, c -> {
        ensureFull(c);
        // It may have waited for the other threads.
        waitAtMost(c, deadline.millis());
        return immediate(c, work);
      });
    } finally {
      writer.unlock();
    }
  }

  private void lock(Deadline deadline) throws SQLException {
    try {
      if (!writer.tryLock(deadline.millis(), TimeUnit.MILLISECONDS)) {
        throw new SQLException("other threads have been writing for too long", "08000");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", "08000", e);
    }
  }

  private static <T> T immediate(Connection connection, Work<T> work) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      try {
        T result = work.on(connection);
        statement.execute("COMMIT");
        return result;
      } catch (Throwable e) {
        try {
          statement.execute("ROLLBACK");
        } catch (SQLException suppressed) {
          e.addSuppressed(suppressed);
        }
        throw e;
      }
    }
  }

  private static void ensureFull(Connection connection) throws SQLException {
    if (Sql.query(connection, "PRAGMA synchronous", row -> row.getInt(1)).get(0) < FULL) {
      Sql.execute(connection, "PRAGMA synchronous = FULL");
    }
  }

  @Override
  public <T> T read(Connection connection, Deadline deadline, Work<T> work) throws SQLException {
    return Transactions.none(connection, work);
  }

  @Override
  public FailureMeaning meaning(SQLException e) {
    int code = e.getErrorCode() & 0xFF;
    if (CONFLICTS.contains(code)) {
      return FailureMeaning.CONFLICT;
    }
    return DOWN.contains(code)
        ? FailureMeaning.UNAVAILABLE
        : FailureMeaning.ofState(e.getSQLState());
  }

  @Override
  public boolean isUseless(SQLException e) {
    return false;
  }

  @Override
  public void join(Connection connection) {
    // The caller's transaction is the only one that writes, or fails.
  }

  @Override
  public FullScanSchedule fullScans() {
    return fullScans;
  }

  @Override
  public String insertEvent() {
    return INSERT_EVENT;
  }
}
