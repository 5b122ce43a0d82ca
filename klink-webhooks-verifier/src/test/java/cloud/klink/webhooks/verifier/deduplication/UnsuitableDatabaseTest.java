package cloud.klink.webhooks.verifier.deduplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import cloud.klink.webhooks.verifier.RefusalReason;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.SQLiteDataSource;

/** A database that does not keep what is promised, here by triggers, is refused by migrate. */
class UnsuitableDatabaseTest {
  @TempDir
  private Path directory;

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          AFTER UPDATE OF done_at  | done_at = NULL                      | it forgets what it marked
          AFTER INSERT             | lease_until = 0                     | it gives one key to two
          AFTER UPDATE OF done_at  | token = 'x', done_at = NULL         | it forgets what it marked
          """)
  void migrate_ofADatabaseThatDoesOtherwise_isRefused(String event, String change, String fault)
      throws SQLException {
    SQLiteDataSource database = new SQLiteDataSource();
    database.setUrl("jdbc:sqlite:" + directory.resolve("events.db"));
    JdbcProcessedEvents events = new JdbcProcessedEvents(database);
    execute(database, JdbcProcessedEvents.ddl());
    execute(
        database,
        "CREATE TRIGGER spoils " + event + " ON klink_processed_events BEGIN"
            + " UPDATE klink_processed_events SET " + change
            + " WHERE event_key = NEW.event_key; END");

    assertThatExceptionOfType(ProcessedEventsException.class)
        .isThrownBy(events::migrate)
        .withMessageContaining("this database cannot keep it: " + fault)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(RefusalReason.DEDUPLICATION_UNAVAILABLE));
  }

  private static void execute(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
