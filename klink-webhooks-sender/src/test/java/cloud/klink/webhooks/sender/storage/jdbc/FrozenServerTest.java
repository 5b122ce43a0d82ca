package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.storage.StorageException;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that stops to answer, shuts sessions down, or cannot be written to any more. */
class FrozenServerTest {
  private EmbeddedPostgres server;
  private FreezingProxy proxy;
  private HikariDataSource pool;
  private JdbcStorage storage;

  @BeforeEach
  void start() throws IOException {
    server = EmbeddedPostgres.start();
    proxy = new FreezingProxy(server.getPort());
    HikariConfig config = new HikariConfig();
    // The driver's defaults: no socketTimeout.
    config.setJdbcUrl("jdbc:postgresql://localhost:" + proxy.port() + "/postgres?user=postgres");
    config.setMaximumPoolSize(2);
    config.setConnectionTimeout(1_000);
    pool = new HikariDataSource(config);
    storage = JdbcStorage.of(JdbcDatabase.POSTGRESQL, pool).withTimeout(Duration.ofSeconds(1));
    storage.migrate();
    storage.insert(JdbcTestData.webhook("w1"));
  }

  @AfterEach
  void stop() throws IOException {
    pool.close();
    proxy.close();
    server.close();
  }

  @Test
  void server_thatStopsToAnswer_isGivenUpAndUsedAgainWhenItAnswers() {
    proxy.freeze();
    long start = System.nanoTime();

    assertThatThrownBy(() -> JdbcTestData.publish(storage, "lost", 1))
        .isInstanceOf(StorageException.class);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    proxy.thaw();
    await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> {
      JdbcTestData.publish(storage, "e", 1);
      assertThat(JdbcTestData.claim(storage, JdbcTestData.NOW, 9).deliveries()).isNotEmpty();
    });
  }

  @Test
  void primary_thatBecameReadOnly_isLeftForAnotherConnection() throws SQLException {
    for (String setting : new String[] {"on", "off"}) {
      TestPostgres.execute(
          server.getPostgresDatabase(),
          "ALTER SYSTEM SET default_transaction_read_only = " + setting);
      TestPostgres.execute(server.getPostgresDatabase(), "SELECT pg_reload_conf()");
      if (setting.equals("on")) {
        // A new session, as those that a switchover leaves: it stays read-only for itself.
        TestPostgres.execute(
            server.getPostgresDatabase(),
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                + " AND backend_type = 'client backend'");
        await()
            .ignoreExceptions()
            .untilAsserted(() -> assertThatThrownBy(
                    () -> JdbcTestData.publish(storage, "refused", 1))
                .rootCause()
                .isInstanceOfSatisfying(
                    SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25006")));
      }
    }

    await().atMost(Duration.ofSeconds(5)).ignoreExceptions().untilAsserted(() -> {
      JdbcTestData.publish(storage, "e", 1);
      assertThat(storage.body(cloud.klink.webhooks.event.Environment.PRODUCTION, "e0"))
          .isPresent();
    });
  }

  @Test
  void connection_thatCanOnlyRead_isDroppedByThePool() throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setDataSource(server.getPostgresDatabase());
    config.setMaximumPoolSize(1);
    try (HikariDataSource one = new HikariDataSource(config)) {
      JdbcStorage stuck = JdbcStorage.postgresql(one);
      stuck.delivery("d1");
      TestPostgres.execute(one, "SET default_transaction_read_only = on");

      assertThatThrownBy(() -> JdbcTestData.publish(stuck, "e", 1))
          .isInstanceOf(StorageException.class);
      JdbcTestData.publish(stuck, "e", 1);

      assertThat(stuck.body(cloud.klink.webhooks.event.Environment.PRODUCTION, "e0"))
          .isPresent();
    }
  }
}
