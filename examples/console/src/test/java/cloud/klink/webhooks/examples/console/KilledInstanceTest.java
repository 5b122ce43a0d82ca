package cloud.klink.webhooks.examples.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.examples.console.load.LoadDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances in processes of their own. Takes longer than a build on every change should. */
@Tag("debian")
class KilledInstanceTest {
  /** The lease of a job, its steps, and time for a busy machine. */
  private static final Duration TAKEN_OVER = Duration.ofMinutes(4);

  private static final int DELIVERIES = 150;

  @TempDir
  Path folder;

  @Test
  void job_ofAnInstanceThatIsKilled_isFinishedByAnotherAndSendsNoneTwice() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      String database = postgres.getJdbcUrl("postgres", "postgres");
      LoadDatabase.main(new String[] {database, "6", Integer.toString(DELIVERIES)});
      try (InstanceProcess first = InstanceProcess.start(database, folder.resolve("first.log"))) {
        first.awaitStart();
        Browser browser = first.browser(); // whose cookie goes with the form's token
        String job = browser
            .submit(
                browser
                    .get("/deliveries/redeliver?environment=production")
                    .formTo("/deliveries/redeliver"),
                Map.of("rate", List.of("2")))
            .at();
        try (InstanceProcess other = InstanceProcess.start(database, folder.resolve("other.log"))) {
          other.awaitStart();
          await().atMost(InstanceProcess.START).until(() -> count(postgres, "count(*)") >= 4);
          first.process().destroyForcibly().waitFor(1, TimeUnit.MINUTES);
          assertThat(count(postgres, "count(*)")).isLessThan(DELIVERIES);

          await()
              .atMost(TAKEN_OVER)
              .untilAsserted(() -> assertThat(other.browser().get(job).text())
                  .contains(
                      "finished", DELIVERIES + " of " + DELIVERIES + " have been sent again"));
        }
      }
      assertThat(count(postgres, "count(*)")).isEqualTo(DELIVERIES);
      assertThat(count(postgres, "count(DISTINCT redelivery_of)")).isEqualTo(DELIVERIES);
    }
  }

  /** Counts what was sent again. */
  private static long count(EmbeddedPostgres postgres, String what) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(
            "SELECT " + what + " FROM klink_delivery WHERE redelivery_of IS NOT NULL")) {
      assertThat(row.next()).isTrue();
      return row.getLong(1);
    }
  }
}
