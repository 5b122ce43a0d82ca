package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The usual answer costs no statement of its own. */
class StatusStatementsTest {
  @TempDir
  private Path directory;

  @ParameterizedTest
  @EnumSource
  void record_onlyAttemptsAnsweredWith200_doesWithoutTheTableOfStatuses(JdbcDatabase kind)
      throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    JdbcStorage storage = EmptyDatabase.storage(kind, database);
    storage.migrate();
    storage.insert(JdbcTestData.webhook("w1"));
    JdbcTestData.publish(storage, "e", 3);
    List<ClaimedDelivery> claimed =
        JdbcTestData.claim(storage, JdbcTestData.NOW, 9).deliveries();
    TestPostgres.execute(database, "DROP TABLE klink_status");

    assertThat(storage
            .record(
                claimed.subList(0, 2).stream().map(JdbcTestData::success).toList(),
                Map.of(),
                JdbcTestData.NOW)
            .stale())
        .isEmpty();

    assertThatThrownBy(() -> storage.record(
            List.of(JdbcTestData.failure(claimed.get(2))), Map.of(), JdbcTestData.NOW))
        .isInstanceOf(StorageException.class);
  }
}
