package cloud.klink.webhooks.verifier.deduplication;

import java.nio.file.Path;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class DerbyProcessedEventsTest extends JdbcProcessedEventsContract {
  private final DataSource database =
      new DriverDataSource("jdbc:derby:memory:" + UUID.randomUUID() + ";create=true", "app", "app");

  /** Where Derby writes its log. */
  @BeforeAll
  static void setHome(@TempDir Path directory) {
    System.setProperty("derby.system.home", directory.toString());
  }

  @Override
  protected DataSource database() {
    return database;
  }
}
