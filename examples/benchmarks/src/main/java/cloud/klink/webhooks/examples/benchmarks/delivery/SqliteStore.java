package cloud.klink.webhooks.examples.benchmarks.delivery;

import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcStorage;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.sqlite.SQLiteDataSource;

/** A SQLite file in a temporary folder, that grows from run to run. */
final class SqliteStore implements Store {
  private final Path folder;
  private final HikariDataSource pool;
  private final Storage storage;

  SqliteStore() throws IOException {
    folder = Files.createTempDirectory("klink-benchmark");
    SQLiteDataSource file = new SQLiteDataSource();
    file.setUrl("jdbc:sqlite:" + folder.resolve("webhooks.db"));
    HikariConfig config = new HikariConfig();
    config.setDataSource(file);
    pool = new HikariDataSource(config);
    storage = JdbcStorage.sqlite(pool);
    storage.migrate();
  }

  @Override
  public String name() {
    return "sqlite";
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
    return Duration.ZERO;
  }

  @Override
  public void close() {
    pool.close();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
