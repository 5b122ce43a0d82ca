package cloud.klink.webhooks.examples.benchmarks.scale;

import cloud.klink.webhooks.sender.storage.jdbc.JdbcStorage;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL that counts the statements, the commits and the write-ahead log of its clients. */
final class Database implements AutoCloseable {
  private static final String STATEMENTS = """
      SELECT sum(calls)
      FROM pg_stat_statements s
      JOIN pg_database d ON d.oid = s.dbid
      WHERE d.datname = current_database()
        AND query NOT LIKE '%pg_stat%'
      """;

  /** Complete only when the senders have closed their connections. */
  private static final String COMMITS =
      "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()";

  private static final String WAL_BYTES = "SELECT pg_current_wal_lsn() - '0/0'";

  private static final String DELIVERED =
      "SELECT count(*) FROM klink_delivery WHERE state = 1 AND attempts = 1";

  private final EmbeddedPostgres server;
  private final HikariDataSource pool;

  /** What the server has done so far. */
  record Work(double statements, double commits, double walBytes) {
    Work since(Work earlier) {
      return new Work(
          statements - earlier.statements, commits - earlier.commits, walBytes - earlier.walBytes);
    }
  }

  Database() throws IOException, SQLException {
    server = EmbeddedPostgres.builder()
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("shared_preload_libraries", "pg_stat_statements")
        .start();
    pool = pool(url());
    execute("CREATE EXTENSION pg_stat_statements");
    storage().migrate();
  }

  static HikariDataSource pool(String url) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(url);
    return pool;
  }

  String url() {
    return server.getJdbcUrl("postgres", "postgres");
  }

  JdbcStorage storage() {
    return JdbcStorage.postgresql(pool);
  }

  String version() throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return connection.getMetaData().getDatabaseProductVersion();
    }
  }

  Work work() throws SQLException {
    return new Work(number(STATEMENTS), number(COMMITS), number(WAL_BYTES));
  }

  /** How many deliveries were delivered at their first attempt. */
  long delivered() throws SQLException {
    return (long) number(DELIVERED);
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private double number(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getDouble(1);
    }
  }

  @Override
  public void close() {
    pool.close();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
