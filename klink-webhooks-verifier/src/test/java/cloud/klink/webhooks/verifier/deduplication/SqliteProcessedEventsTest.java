package cloud.klink.webhooks.verifier.deduplication;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

class SqliteProcessedEventsTest extends JdbcProcessedEventsContract {
  private final SQLiteDataSource database = new SQLiteDataSource();

  @BeforeEach
  void create(@TempDir Path directory) {
    database.setUrl("jdbc:sqlite:" + directory.resolve("processed.db"));
  }

  @Override
  protected DataSource database() {
    return database;
  }
}
