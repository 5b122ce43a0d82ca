package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.health.HealthStatus;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL that can be read, and writes nothing. */
class StorageHealthTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final CountingEndpoints receivers = new CountingEndpoints();
  private HikariDataSource database;
  private FaultyDataSource faulty;

  @BeforeEach
  void open(@TempDir Path directory) throws SQLException {
    database = (HikariDataSource) EmptyDatabase.of(JdbcDatabase.POSTGRESQL, directory);
    JdbcStorage.postgresql(database).migrate();
    faulty = new FaultyDataSource(database);
  }

  @AfterEach
  void close() {
    receivers.close();
    database.close();
  }

  private WebhookSender started() {
    WebhookSender sender = WebhookSender.builder(JdbcStorage.postgresql(faulty.dataSource()))
        .endpoints(EndpointPolicy.forDevelopment())
        .pollInterval(Duration.ofMillis(200))
        .build();
    receivers.webhook(sender, "orders");
    sender.start();
    await().atMost(PATIENCE).until(() -> sender.health().status() == HealthStatus.UP);
    return sender;
  }

  @Test
  void health_whileEveryCommitHangs_isDownAndSaysSo() {
    CountDownLatch hanging = new CountDownLatch(1);
    try (WebhookSender sender = started()) {
      CountingEndpoints.publish(sender, "orders", "evt_1");
      await().atMost(PATIENCE).until(() -> receivers.got("orders").size() == 1);
      faulty.onCommit(connection -> {
        hang(hanging);
        connection.commit();
      });

      await().atMost(PATIENCE).until(() -> sender.health().status() == HealthStatus.DOWN);

      assertThat(sender.health().problems()).anyMatch(problem -> problem.contains("hang"));
      faulty.onCommit(Connection::commit);
      hanging.countDown();
      await().atMost(PATIENCE).until(() -> sender.health().status() == HealthStatus.UP);
    }
  }

  private static void hang(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void health_ofADatabaseThatBecameReadOnly_isDownAndSaysSo() throws SQLException {
    String name;
    try (Connection connection = database.getConnection()) {
      name = connection.getCatalog();
    }
    try (WebhookSender sender = started()) {
      setReadOnly(name, true);

      await().atMost(PATIENCE).until(() -> sender.health().status() == HealthStatus.DOWN);

      assertThat(sender.health().storageError()).contains("storage_unavailable");
      setReadOnly(name, false);
      await().atMost(PATIENCE).until(() -> sender.health().status() == HealthStatus.UP);
    }
  }

  private void setReadOnly(String name, boolean readOnly) throws SQLException {
    TestPostgres.execute(
        TestPostgres.owner(),
        "ALTER DATABASE " + name + " SET default_transaction_read_only = " + readOnly);
    database.getHikariPoolMXBean().softEvictConnections();
  }
}
