package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.StorageException;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A PostgreSQL that cannot keep every text is refused. */
class EncodingTest {
  @ParameterizedTest
  @ValueSource(strings = {"LATIN1", "SQL_ASCII", "EUC_JP"})
  void database_notInUtf8_isRefusedByMigrateAndAtStart(String encoding) throws SQLException {
    String name = "encoded_" + encoding.toLowerCase(Locale.ROOT);
    TestPostgres.execute(
        TestPostgres.owner(),
        "CREATE DATABASE " + name + " ENCODING '" + encoding
            + "' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
    try (HikariDataSource database = TestPostgres.pool("postgres", name)) {
      JdbcStorage storage = JdbcStorage.postgresql(database);

      assertThatThrownBy(storage::migrate)
          .isInstanceOfSatisfying(
              StorageException.class,
              e -> assertThat(e.reason()).isEqualTo(SenderReason.STORAGE_WRONG_ENCODING))
          .hasMessageContaining(encoding)
          .hasMessageContaining("UTF8");
      assertThat(tables(database)).isZero();

      // Somebody has made the tables by other means.
      TestPostgres.execute(database, JdbcStorage.ddl(JdbcDatabase.POSTGRESQL));
      try (WebhookSender sender = WebhookSender.builder(storage).build()) {
        assertThatThrownBy(sender::start)
            .isInstanceOfSatisfying(
                StorageException.class,
                e -> assertThat(e.reason()).isEqualTo(SenderReason.STORAGE_WRONG_ENCODING));
      }
      assertThatThrownBy(() -> storage.delivery("dlv_1")).isInstanceOf(StorageException.class);
    }
  }

  private static int tables(HikariDataSource database) throws SQLException {
    try (var connection = database.getConnection()) {
      return Sql.query(
              connection, "SELECT count(to_regclass('klink_webhook'))", row -> row.getInt(1))
          .get(0);
    }
  }
}
