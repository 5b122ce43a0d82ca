package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.jdbc.Sql.Work;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Transactions as JDBC has them. */
final class Transactions {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcStorage.class);

  private Transactions() {}

  /** Each statement by itself, and auto-commit is left as it was. */
  static <T> T none(Connection connection, Work<T> work) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(true);
    try {
      return work.on(connection);
    } finally {
      connection.setAutoCommit(autoCommit);
    }
  }

  /** Commits if the work is done, rolls back if it throws, and leaves auto-commit as it was. */
  static <T> T run(Connection connection, Work<T> work) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    T result;
    try {
      result = work.on(connection);
      connection.commit();
    } catch (Throwable e) {
      try {
        connection.rollback();
        connection.setAutoCommit(autoCommit);
      } catch (SQLException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
    try {
      connection.setAutoCommit(autoCommit);
    } catch (SQLException e) {
      // The work is done; the next user of this connection will notice that it is broken.
      LOG.debug("cannot set auto-commit", e);
    }
    return result;
  }
}
