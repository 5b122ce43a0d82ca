package cloud.klink.webhooks.examples.benchmarks.delivery;

import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcStorage;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** A PostgreSQL of its own, as durable as one in use, whose tables grow from run to run. */
final class PostgresStore implements Store {
  private static final List<String> DURABLE = List.of("fsync", "synchronous_commit");

  private final EmbeddedPostgres server;
  private final HikariDataSource pool;
  private final Storage storage;
  private final ProcessHandle postmaster;

  PostgresStore() throws IOException, SQLException {
    EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
    DURABLE.forEach(setting -> builder.setServerConfig(setting, "on"));
    server = builder.start();
    HikariConfig config = new HikariConfig();
    config.setDataSource(server.getPostgresDatabase());
    pool = new HikariDataSource(config);
    postmaster = check();
    storage = JdbcStorage.postgresql(pool);
    storage.migrate();
  }

  /** Makes sure of the settings, and finds the server's process. */
  private ProcessHandle check() throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      for (String setting : DURABLE) {
        String value = string(statement, "SHOW " + setting);
        if (!value.equals("on")) {
          throw new IllegalStateException(setting + ": it must be on, not " + value);
        }
      }
      long backend = Long.parseLong(string(statement, "SELECT pg_backend_pid()"));
      return ProcessHandle.of(backend)
          .flatMap(ProcessHandle::parent)
          .orElseThrow(() -> new IllegalStateException("the database's process cannot be seen"));
    }
  }

  private static String string(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  public Optional<DataSource> dataSource() {
    return Optional.of(pool);
  }

  @Override
  public Duration cpu() {
    return postmaster
        .descendants()
        .flatMap(process -> process.info().totalCpuDuration().stream())
        .reduce(Duration.ZERO, Duration::plus);
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
