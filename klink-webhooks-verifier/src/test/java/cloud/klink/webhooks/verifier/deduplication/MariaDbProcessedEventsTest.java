package cloud.klink.webhooks.verifier.deduplication;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("debian")
class MariaDbProcessedEventsTest {
  private static MariaDbServer server;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    server = new MariaDbServer(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void drop() throws SQLException {
    try (Connection connection = server.database("mariadb").getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS klink_processed_events");
    }
  }

  @Nested
  class WithItsOwnDriver extends JdbcProcessedEventsContract {
    @Override
    protected DataSource database() {
      return server.database("mariadb");
    }
  }

  @Nested
  class WithTheDriverOfMySql extends JdbcProcessedEventsContract {
    @Override
    protected DataSource database() {
      return server.database("mysql");
    }
  }
}
