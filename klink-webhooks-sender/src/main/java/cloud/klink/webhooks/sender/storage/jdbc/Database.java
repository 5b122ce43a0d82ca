package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.StorageReason;
import cloud.klink.webhooks.sender.storage.jdbc.Sql.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs transactions: gets a connection for each, gives it back, and repeats what may be. */
final class Database {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcStorage.class);

  /** A transaction that others made fail is begun again so often at most. */
  private static final int MAX_ROUNDS = 20;

  private static final long MAX_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

  private final DataSource dataSource;
  private final Dialect dialect;
  private final Schema schema;
  private volatile boolean checked;

  Database(DataSource dataSource, Dialect dialect) {
    this.dataSource = dataSource;
    this.dialect = dialect;
    this.schema = new Schema(dialect);
  }

  /** One transaction that changes something. */
  <T> T write(String what, Work<T> work) {
    return repeat(what, connection -> dialect.write(verified(connection), work));
  }

  /** One statement that changes nothing. */
  <T> T read(String what, Work<T> work) {
    return repeat(what, connection -> dialect.read(verified(connection), work));
  }

  /** A part of a transaction of the caller's. */
  <T> T join(String what, Connection connection, Work<T> work) {
    try {
      if (!checked) {
        schema.check(connection);
      }
      return work.on(connection);
    } catch (SQLException e) {
      throw failed(what, e, Failure.of(e, dialect));
    }
  }

  /** Whether the database and its tables are such as this library works with. */
  void check() {
    read("look at the tables", connection -> true);
  }

  void migrate() {
    repeat("make or update the tables", connection -> {
      schema.migrate(connection);
      return true;
    });
  }

  private Connection verified(Connection connection) throws SQLException {
    if (!checked) {
      Transactions.none(connection, schema::check);
      checked = true;
    }
    return connection;
  }

  private <T> T repeat(String what, Work<T> work) {
    for (int round = 1; ; round++) {
      try {
        return once(work);
      } catch (SQLException e) {
        Failure failure = Failure.of(e, dialect);
        if (round == MAX_ROUNDS || failure != Failure.CONFLICT) {
          throw failed(what, e, failure);
        }
        LockSupport.parkNanos(
            ThreadLocalRandom.current().nextLong(MAX_PAUSE * round / MAX_ROUNDS + 1));
      }
    }
  }

  private <T> T once(Work<T> work) throws SQLException {
    Connection connection = connect();
    try {
      return work.on(connection);
    } finally {
      try {
        connection.close();
      } catch (SQLException e) {
        // The work is done, or something worse is on its way up.
        LOG.debug("cannot close a connection", e);
      }
    }
  }

  /** Pools report that they have no connection in ways of their own. */
  private Connection connect() throws SQLException {
    try {
      return dataSource.getConnection();
    } catch (SQLException | RuntimeException e) {
      throw new SQLNonTransientConnectionException(
          "no connection", e instanceof SQLException known ? known.getSQLState() : null, e);
    }
  }

  private StorageException failed(String what, SQLException e, Failure failure) {
    String state = e.getSQLState() == null ? "" : " (SQL state " + e.getSQLState() + ")";
    String name = "storage: cannot " + what + " in " + dialect.database() + state;
    return failure == Failure.OTHER
        ? new StorageException(
            StorageReason.REFUSED, name + "; see the cause for what it does not accept", e)
        : new StorageException(
            StorageReason.UNAVAILABLE,
            name + "; see the cause, and whether the database is up and reachable",
            e);
  }
}
