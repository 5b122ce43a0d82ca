package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.examples.console.load.LoadDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Starts a server of its own. Takes longer than a build on every change should. */
@Tag("debian")
class LoadDatabaseTest {
  private static final Duration SOON = Duration.ofMinutes(2);

  private static final String DELIVERIES = "SELECT count(*) FROM klink_delivery";

  @Test
  void load_whoseSessionsTheServerEnds_goesOnAndMissesNone() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      String database = postgres.getJdbcUrl("postgres", "postgres");
      CompletableFuture<Void> load = CompletableFuture.runAsync(
          () -> LoadDatabase.main(new String[] {database, "60", "6000"}));

      for (int loaded : new int[] {600, 1_800, 3_000}) {
        await()
            .atMost(SOON)
            .ignoreExceptions() // at first there is no such table
            .until(() -> load.isDone() || query(postgres, DELIVERIES) > loaded);
        query(
            postgres,
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                + " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
      }

      load.join();
      assertThat(query(postgres, DELIVERIES)).isGreaterThanOrEqualTo(6_000);
      assertThat(query(postgres, DELIVERIES + " WHERE attempts = 0")).isZero();
    }
  }

  private static long query(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      assertThat(row.next()).isTrue();
      return row.getLong(1);
    }
  }
}
