package cloud.klink.webhooks.sender.storage.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * One PostgreSQL for all tests of a run, with the tables, and a role that has the rights that users
 * are told to give. Sessions are in a time zone that is not UTC.
 */
final class TestPostgres {
  private static final EmbeddedPostgres SERVER = start();
  private static final HikariDataSource SENDER = prepare();

  private TestPostgres() {}

  private static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.builder()
          .setServerConfig("timezone", "Asia/Phnom_Penh")
          .setServerConfig("default_transaction_isolation", "'repeatable read'")
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HikariDataSource prepare() {
    try {
      execute(SERVER.getPostgresDatabase(), "CREATE ROLE klink_sender LOGIN");
      JdbcStorage.postgresql(owner()).migrate();
      for (String grant : Schema.resource("postgresql-grants.sql").split(";\\s*\n", -1)) {
        if (!grant.isBlank()) {
          execute(owner(), grant);
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return pool("klink_sender", "postgres");
  }

  /** As the role that made the tables. */
  static DataSource owner() {
    return SERVER.getPostgresDatabase();
  }

  /** As the role that publishes and delivers. */
  static HikariDataSource sender() {
    return SENDER;
  }

  /** A new pool, as another node has one. */
  static HikariDataSource pool(String user, String database) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(SERVER.getDatabase(user, database));
    config.setMaximumPoolSize(20);
    config.setMinimumIdle(0);
    config.setIdleTimeout(10_000);
    return new HikariDataSource(config);
  }

  /** Locks the row of an id, as another session's transaction, until the connection is closed. */
  static Connection locked(DataSource database, String table, String id) throws SQLException {
    Connection connection = database.getConnection();
    connection.setAutoCommit(false);
    Sql.query(
        connection,
        "SELECT id FROM " + table + " WHERE id = ? FOR UPDATE",
        row -> row.getString(1),
        id);
    return connection;
  }

  static void execute(DataSource dataSource, String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      Sql.execute(connection, sql);
    }
  }
}
