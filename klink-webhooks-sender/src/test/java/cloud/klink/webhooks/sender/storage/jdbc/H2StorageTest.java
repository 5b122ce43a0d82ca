package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.Storage;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class H2StorageTest extends JdbcStorageContract {
  private String url;
  private JdbcConnectionPool database;
  private Storage storage;

  @BeforeEach
  void create(@TempDir Path directory) {
    url = "jdbc:h2:file:" + directory.resolve("klink") + ";TIME ZONE=Asia/Phnom_Penh";
    database = open();
    storage = JdbcStorage.h2(database);
    storage.migrate();
  }

  @AfterEach
  void close() {
    database.dispose();
  }

  private JdbcConnectionPool open() {
    JdbcConnectionPool pool = JdbcConnectionPool.create(url, "", "");
    pool.setMaxConnections(20);
    return pool;
  }

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  public Storage otherNode() {
    return JdbcStorage.h2(database);
  }

  /** H2 closes the file with the last connection. */
  @Override
  public Storage reopened() {
    database.dispose();
    database = open();
    return JdbcStorage.h2(database);
  }

  @Override
  DataSource database() {
    return database;
  }
}
