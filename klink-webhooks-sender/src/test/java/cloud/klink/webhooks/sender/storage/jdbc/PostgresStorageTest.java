package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.Storage;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class PostgresStorageTest extends JdbcStorageContract {
  private static HikariDataSource otherPool;

  private final Storage storage = JdbcStorage.postgresql(TestPostgres.sender());

  @BeforeAll
  static void open() {
    otherPool = TestPostgres.pool("klink_sender", "postgres");
  }

  @AfterAll
  static void close() {
    otherPool.close();
  }

  @BeforeEach
  void empty() throws SQLException {
    TestPostgres.execute(
        TestPostgres.owner(),
        "TRUNCATE klink_webhook, klink_subscription, klink_event, klink_delivery, klink_failed_attempt,"
            + " klink_statistics, klink_status");
  }

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  public Storage otherNode() {
    return JdbcStorage.postgresql(otherPool);
  }

  @Override
  public Storage reopened() {
    TestPostgres.sender().getHikariPoolMXBean().softEvictConnections();
    return JdbcStorage.postgresql(TestPostgres.sender());
  }

  @Override
  DataSource database() {
    return TestPostgres.sender();
  }
}
