package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.Storage;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

class SqliteStorageTest extends JdbcStorageContract {
  private final SQLiteDataSource database = new SQLiteDataSource();
  private final Storage storage = JdbcStorage.sqlite(database);

  @BeforeEach
  void create(@TempDir Path directory) {
    database.setUrl("jdbc:sqlite:" + directory.resolve("klink.db"));
    storage.migrate();
  }

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  public Storage otherNode() {
    return JdbcStorage.sqlite(database);
  }

  /** No connection outlives its transaction here. */
  @Override
  public Storage reopened() {
    return JdbcStorage.sqlite(database);
  }

  @Override
  DataSource database() {
    return database;
  }
}
