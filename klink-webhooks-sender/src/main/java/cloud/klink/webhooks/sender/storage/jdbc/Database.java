package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.jdbc.Sql.Query;
import cloud.klink.webhooks.sender.storage.jdbc.Sql.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs transactions: gets a connection for each, gives it back, and repeats what may be. */
final class Database {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcStorage.class);

  /** How often a transaction is tried that concurrent transactions make fail. */
  private static final int MAX_ROUNDS = 20;

  private static final long MAX_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

  private static final Duration MIGRATION = Duration.ofMinutes(10);

  private final transient DataSource dataSource;
  private final Dialect dialect;
  private final ConnectionRules rules;
  private final ConnectionCheck check;
  private final Schema schema;

  private final AtomicBoolean warned = new AtomicBoolean();

  /** Where the tables are that the pool's connections see; null before they were looked for. */
  private volatile @Nullable String place;

  Database(DataSource dataSource, Dialect dialect, ConnectionRules rules) {
    this.dataSource = dataSource;
    this.dialect = dialect;
    this.rules = rules;
    this.check = new ConnectionCheck(dialect, rules);
    this.schema = new Schema(dialect);
  }

  /** Work on a connection that must end in time. */
  private interface Timed<T> {
    T on(Connection connection, Deadline deadline) throws SQLException;
  }

  /** One transaction that changes something. */
  <T> T write(String what, Work<T> work) {
    return repeat(
        what,
        rules.timeout(),
        (connection, deadline) -> dialect.write(verified(connection), deadline, work));
  }

  /** The same, but a lock that is not had within a short time makes it begin again. */
  <T> T writeWithLockTimeout(String what, Work<T> work) {
    return repeat(
        what,
        rules.timeout(),
        (connection, deadline) ->
            dialect.writeWithLockTimeout(verified(connection), deadline, work));
  }

  /** One statement that changes nothing. */
  <T> T read(String what, Work<T> work) {
    return repeat(
        what,
        rules.timeout(),
        (connection, deadline) -> dialect.read(verified(connection), deadline, work));
  }

  /** One query by itself, as soon as possible. */
  <T> List<T> query(String what, Query<T> query) {
    return repeat(
        what,
        rules.timeout(),
        (connection, deadline) -> dialect.query(verified(connection), deadline, query));
  }

  /** A part of a transaction of the caller's. */
  <T> T join(String what, Connection connection, Work<T> work) {
    try {
      check.joined(connection);
      return dialect.shielded(connection, () -> {
        ensureSamePlace(connection);
        return work.on(connection);
      });
    } catch (SQLException e) {
      if (dialect.isInFailedTransaction(e)) {
        throw ConnectionCheck.wrong(
            "its transaction has failed before; roll it back and begin again");
      }
      throw failed(what, e, FailureMeaning.of(e, dialect));
    }
  }

  private void ensureSamePlace(Connection connection) throws SQLException {
    String known = place;
    if (known == null) {
      schema.check(connection);
      return;
    }
    String seen = dialect.place(connection);
    if (!known.equals(seen)) {
      throw ConnectionCheck.wrong("it sees the tables of " + seen + ", and the storage those of "
          + known + "; use a connection to the storage's database and schema");
    }
  }

  /** Whether the database and its tables are such as this library works with. */
  void check() {
    read("look at the tables", connection -> true);
  }

  void migrate() {
    repeat("make or update the tables", MIGRATION, (connection, deadline) -> {
      check.product(connection);
      schema.migrate(connection, deadline);
      return true;
    });
  }

  private Connection verified(Connection connection) throws SQLException {
    if (place == null) {
      check.product(connection);
      place = Transactions.none(connection, c -> {
        schema.check(c);
        return dialect.place(c);
      });
    }
    return connection;
  }

  private <T> T repeat(String what, Duration timeout, Timed<T> work) {
    Deadline deadline = Deadline.in(timeout);
    for (int round = 1; ; round++) {
      try {
        return once(work, deadline);
      } catch (SQLException e) {
        FailureMeaning failure = FailureMeaning.of(e, dialect);
        if (round == MAX_ROUNDS || deadline.isOver() || failure != FailureMeaning.CONFLICT) {
          throw failed(what, e, failure);
        }
        LockSupport.parkNanos(
            ThreadLocalRandom.current().nextLong(MAX_PAUSE * round / MAX_ROUNDS + 1));
      }
    }
  }

  private <T> T once(Timed<T> work, Deadline deadline) throws SQLException {
    Connection connection = connect();
    try {
      return dialect.shielded(connection, () -> {
        check.own(connection);
        if (!warned.getAndSet(true)) {
          dialect.warnings(connection).forEach(warning -> LOG.warn("storage: {}", warning));
        }
        return dialect.limited(connection, deadline, c -> work.on(c, deadline));
      });
    } catch (SQLException e) {
      if (FailureMeaning.isAny(e, dialect::isUseless)) {
        abort(connection);
      }
      throw e;
    } finally {
      close(connection);
    }
  }

  /**
   * A connection to a server that shuts down, or that may not write any more, would fail again and
   * again: pools keep it for as long as it answers.
   */
  private static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
      // Fails, and by that the pool notices that the connection is closed.
      connection.getAutoCommit();
    } catch (SQLException e) {
      LOG.debug("aborted a connection", e);
    }
  }

  private void close(Connection connection) {
    boolean isInterrupted = dialect.opensFiles() && Thread.interrupted();
    try {
      connection.close();
    } catch (SQLException e) {
      // The work is done, or something worse is on its way up.
      LOG.debug("cannot close a connection", e);
    } finally {
      interruptIf(isInterrupted);
    }
  }

  private static void interruptIf(boolean isInterrupted) {
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Pools report that they have no connection in ways of their own. */
  private Connection connect() throws SQLException {
    boolean isInterrupted = dialect.opensFiles() && Thread.interrupted();
    try {
      return dataSource.getConnection();
    } catch (SQLException | RuntimeException e) {
      throw new SQLNonTransientConnectionException(
          "no connection", e instanceof SQLException known ? known.getSQLState() : null, e);
    } finally {
      interruptIf(isInterrupted);
    }
  }

  private StorageException failed(String what, SQLException e, FailureMeaning failure) {
    String state = e.getSQLState() == null ? "" : " (SQL state " + e.getSQLState() + ")";
    String name = "storage: cannot " + what + " in " + dialect.database() + state;
    return failure == FailureMeaning.OTHER
        ? new StorageException(
            SenderReason.STORAGE_REFUSED, name + "; see the cause for what it does not accept", e)
        : new StorageException(
            SenderReason.STORAGE_UNAVAILABLE,
            name + "; see the cause, and whether the database is up and reachable",
            e);
  }
}
