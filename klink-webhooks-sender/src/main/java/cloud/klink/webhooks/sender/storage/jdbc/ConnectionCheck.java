package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.sql.Connection;
import java.sql.SQLException;

/** Refuses connections on which the storage would do harm or could not work. */
final class ConnectionCheck {
  private final Dialect dialect;
  private final ConnectionRules rules;

  ConnectionCheck(Dialect dialect, ConnectionRules rules) {
    this.dialect = dialect;
    this.rules = rules;
  }

  /** Looks at a connection of the pool, without a statement unless it comes with a transaction. */
  void own(Connection connection) throws SQLException {
    if (connection.getAutoCommit()) {
      return;
    }
    if (!rules.isWithoutAutoCommit()) {
      throw wrong("the DataSource handed out a connection with auto-commit off. It may be in a"
          + " transaction of the caller's, which the storage must not commit. Give the storage a"
          + " DataSource with auto-commit on (in Spring the one that the"
          + " TransactionAwareDataSourceProxy wraps), or, if the pool is configured so, say it by"
          + " JdbcStorage.withConnectionsWithoutAutoCommit()");
    }
    connection.rollback();
  }

  /** Looks at a connection of the caller's, without a statement. */
  void joined(Connection connection) throws SQLException {
    if (connection.isClosed()) {
      throw wrong("the connection is closed; hand in an open one");
    }
    if (connection.getAutoCommit()) {
      throw wrong("the connection has auto-commit on, so there is no transaction to join; call"
          + " setAutoCommit(false) before and commit() afterwards, or publish without a"
          + " connection");
    }
    if (connection.isReadOnly()) {
      throw wrong("the connection is read-only; hand in one that may write");
    }
    product(connection);
  }

  void product(Connection connection) throws SQLException {
    String product = connection.getMetaData().getDatabaseProductName();
    if (!dialect.database().product().equalsIgnoreCase(product)) {
      throw wrong("it is a connection to " + product + ", and the storage was made for "
          + dialect.database().product() + "; use a connection to that database, or the storage"
          + " for this one");
    }
  }

  static StorageException wrong(String message) {
    return new StorageException(
        SenderReason.STORAGE_WRONG_CONNECTION, "connection: " + message, null);
  }
}
