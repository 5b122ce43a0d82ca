package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.contract.StorageContract;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

class SqliteStorageTest extends StorageContract {
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
  public boolean isShared() {
    return true;
  }

  @Override
  public Storage otherNode() {
    return JdbcStorage.sqlite(database);
  }

  @Override
  public boolean isDurable() {
    return true;
  }

  /** No connection outlives its transaction here. */
  @Override
  public Storage reopened() {
    return JdbcStorage.sqlite(database);
  }

  @Override
  public boolean isTransactional() {
    return true;
  }

  @Override
  public Connection connection() throws SQLException {
    return database.getConnection();
  }
}
