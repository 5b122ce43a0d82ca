package cloud.klink.webhooks.verifier.deduplication;

import cloud.klink.webhooks.verifier.internal.SafeLog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Runs single statements, each a transaction of its own. */
final class Database {
  /** A statement that the database rolled back because of others is run so often at most. */
  private static final int MAX_ROLLBACKS = 5;

  /**
   * SQLite's code for a lock that was not had in time, which comes without a SQL state. The time is
   * the statement's while it runs, but the driver's own while it is prepared.
   */
  private static final int SQLITE_BUSY = 5;

  private static final long LOCK_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

  /**
   * With this SQL state PostgreSQL warns that a statement's time was over while its commit waited
   * for a standby: it is committed, but perhaps not there. Others give a number with a warning.
   */
  private static final String CANCELLED_WAIT = "01000";

  private static final SafeLog LOG = SafeLog.of(JdbcProcessedEvents.class);

  private final DataSource dataSource;
  private final int timeoutSeconds;
  private final boolean autoCommitOff;

  Database(DataSource dataSource, Duration statementTimeout, boolean autoCommitOff) {
    this.dataSource = dataSource;
    this.timeoutSeconds = (int) statementTimeout.toSeconds();
    this.autoCommitOff = autoCommitOff;
  }

  /** Work on one connection. */
  interface Work<T> {
    T on(Session session) throws SQLException;
  }

  /** Runs work that is safe to repeat on a connection of its own. */
  <T> T run(String what, Work<T> work) {
    long end = end();
    int rollbacks = 0;
    while (true) {
      try {
        return once(work, end);
      } catch (SQLException e) {
        boolean isRepeated = isLocked(e) ? !isOver(end) : isRolledBack(e);
        rollbacks += isRolledBack(e) ? 1 : 0;
        if (!isRepeated || rollbacks == MAX_ROLLBACKS || Thread.currentThread().isInterrupted()) {
          throw new ProcessedEventsException("klink_processed_events: cannot " + what, e);
        }
        if (isLocked(e)) {
          LockSupport.parkNanos(LOCK_PAUSE);
        }
      }
    }
  }

  /** When a statement that begins now has taken too long. */
  private long end() {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
  }

  private static boolean isOver(long end) {
    return System.nanoTime() - end >= 0;
  }

  private static boolean isLocked(SQLException e) {
    return e.getSQLState() == null && e.getErrorCode() == SQLITE_BUSY;
  }

  /** SQL's class 40: the database gave others the right of way; the same statement may succeed. */
  private static boolean isRolledBack(SQLException e) {
    return e.getSQLState() != null && e.getSQLState().startsWith("40");
  }

  private <T> T once(Work<T> work, long end) throws SQLException {
    Connection connection = dataSource.getConnection();
    T result;
    try {
      checkAutoCommit(connection);
      result = work.on(new Session(connection, timeoutSeconds, autoCommitOff, end));
    } catch (Throwable e) {
      giveUp(connection, e);
      throw e;
    }
    giveBack(connection);
    return result;
  }

  /** What was done is done, however the connection ends. */
  private static void giveBack(Connection connection) {
    try {
      connection.close();
    } catch (SQLException | RuntimeException e) {
      LOG.warn("A connection could not be closed after its work was done", e);
    }
  }

  /** Nothing that goes wrong here may hide why the work failed. */
  private void giveUp(Connection connection, Throwable cause) {
    try (connection) {
      if (autoCommitOff && !connection.isClosed()) {
        connection.rollback();
      }
    } catch (SQLException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private void checkAutoCommit(Connection connection) throws SQLException {
    if (connection.getAutoCommit() == autoCommitOff) {
      throw new ProcessedEventsException(
          autoCommitOff
              ? "autoCommitOff: the DataSource gives out connections with auto-commit on;"
                  + " leave this setting out"
              : "dataSource: it gives out connections with auto-commit off, so a transaction of"
                  + " the caller's may be open on them, which must not be committed here; give the"
                  + " plain pool (in Spring the DataSource without a"
                  + " TransactionAwareDataSourceProxy), or set autoCommitOff() if the pool itself"
                  + " turns auto-commit off",
          null);
    }
  }

  /** A session in a transaction of the caller's, which alone commits it. */
  Session joining(Connection connection) {
    return new Session(connection, timeoutSeconds, false, end());
  }

  /**
   * A connection for some statements, each of which is committed if nobody else does so.
   *
   * @param end when they have taken too long, as {@link System#nanoTime} counts it
   */
  record Session(Connection connection, int timeoutSeconds, boolean commits, long end) {
    /** Whether statements have taken too long to try others. */
    boolean isOver() {
      return Database.isOver(end);
    }

    int update(String sql, Object... arguments) throws SQLException {
      int count;
      try (PreparedStatement statement = prepare(sql, arguments)) {
        count = statement.executeUpdate();
      }
      commit();
      return count;
    }

    /** The same, but fails as well if the database does not know that copies have it. */
    int updateSafely(String sql, Object... arguments) throws SQLException {
      int count;
      SQLWarning warning;
      try (PreparedStatement statement = prepare(sql, arguments)) {
        count = statement.executeUpdate();
        warning = statement.getWarnings();
      }
      commit();
      for (SQLWarning one = warning; one != null; one = one.getNextWarning()) {
        if (CANCELLED_WAIT.equals(one.getSQLState()) && one.getErrorCode() == 0) {
          throw one;
        }
      }
      return count;
    }

    void execute(String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.setQueryTimeout(timeoutSeconds);
        statement.execute(sql);
      }
      commit();
    }

    /** Reads the first row; empty if there is none. */
    Optional<Row> read(String sql, Object... arguments) throws SQLException {
      Optional<Row> row = Optional.empty();
      try (PreparedStatement statement = prepare(sql, arguments);
          ResultSet rows = statement.executeQuery()) {
        if (rows.next()) {
          row = Optional.of(new Row(rows));
        }
      }
      commit();
      return row;
    }

    /** Reads the first column of the row of that number, from 1; empty if there are fewer. */
    Optional<Long> read(int number, String sql, Object... arguments) throws SQLException {
      Optional<Long> value = Optional.empty();
      try (PreparedStatement statement = prepare(sql, arguments)) {
        statement.setMaxRows(number);
        try (ResultSet rows = statement.executeQuery()) {
          int read = 0;
          while (rows.next()) {
            read++;
            value = read == number ? Optional.of(rows.getLong(1)) : value;
          }
        }
      }
      commit();
      return value;
    }

    private void commit() throws SQLException {
      if (commits) {
        connection.commit();
      }
    }

    /** Ends a transaction in which a statement failed, so that others can follow. */
    void afterFailure() throws SQLException {
      if (commits) {
        connection.rollback();
      }
    }

    private PreparedStatement prepare(String sql, Object... arguments) throws SQLException {
      PreparedStatement statement = connection.prepareStatement(sql);
      try {
        statement.setQueryTimeout(timeoutSeconds);
        for (int i = 0; i < arguments.length; i++) {
          statement.setObject(i + 1, arguments[i]);
        }
        return statement;
      } catch (SQLException | RuntimeException e) {
        statement.close();
        throw e;
      }
    }
  }

  /** How a key stands. */
  record Row(@Nullable Long doneAt, long leaseUntil) {
    private Row(ResultSet row) throws SQLException {
      this(nullable(row), row.getLong(2));
    }

    private static @Nullable Long nullable(ResultSet row) throws SQLException {
      long value = row.getLong(1);
      return row.wasNull() ? null : value;
    }
  }
}
