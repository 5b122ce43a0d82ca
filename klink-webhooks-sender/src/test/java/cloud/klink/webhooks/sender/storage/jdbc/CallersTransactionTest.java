package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.StorageException;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** The database and the transaction are the user's. */
class CallersTransactionTest {
  @TempDir
  Path directory;

  @ParameterizedTest
  @EnumSource
  void publish_withAutoCommitOn_isRefusedAndStoresNothing(JdbcDatabase kind) throws SQLException {
    DataSource database = migrated(kind);
    JdbcStorage storage = EmptyDatabase.storage(kind, database);
    try (WebhookSender sender = WebhookSender.builder(storage).build();
        Connection connection = database.getConnection()) {
      assertRefused(
          () -> sender.publish(connection, Environment.PRODUCTION, event("e1")), "auto-commit on");

      connection.setAutoCommit(false);
      assertThat(sender.publish(connection, Environment.PRODUCTION, event("e1")).isNew())
          .isTrue();
      connection.commit();
    }
  }

  @ParameterizedTest
  @EnumSource
  void publish_onAClosedOrReadOnlyConnection_isRefused(JdbcDatabase kind) throws SQLException {
    DataSource database = migrated(kind);
    JdbcStorage storage = EmptyDatabase.storage(kind, database);
    Connection closed = database.getConnection();
    closed.close();
    assertRefused(
        () -> storage.publish(closed, JdbcTestData.events("e", 1), JdbcTestData::id), "closed");
    if (kind == JdbcDatabase.POSTGRESQL) {
      try (Connection readOnly = database.getConnection()) {
        readOnly.setAutoCommit(false);
        readOnly.setReadOnly(true);
        assertRefused(
            () -> storage.publish(readOnly, JdbcTestData.events("e", 1), JdbcTestData::id),
            "read-only");
        readOnly.rollback();
      }
    }
  }

  @Test
  void publish_onAConnectionToAnotherDatabase_isRefused() throws SQLException {
    JdbcStorage storage =
        EmptyDatabase.storage(JdbcDatabase.POSTGRESQL, migrated(JdbcDatabase.POSTGRESQL));
    storage.insert(JdbcTestData.webhook("w1"));
    for (JdbcDatabase other : JdbcDatabase.values()) {
      try (Connection connection = migrated(other).getConnection()) {
        connection.setAutoCommit(false);
        assertRefused(
            () -> storage.publish(connection, JdbcTestData.events("e", 1), JdbcTestData::id),
            other == JdbcDatabase.POSTGRESQL ? "storage's database" : other.product());
        connection.rollback();
      }
    }
  }

  @Test
  void storage_overAnotherDatabase_isRefused() throws SQLException {
    JdbcStorage storage = JdbcStorage.postgresql(EmptyDatabase.of(JdbcDatabase.H2, directory));

    assertRefused(storage::migrate, "H2");
    assertRefused(() -> storage.delivery("d1"), "H2");
  }

  @Test
  void publish_inATransactionThatHasFailed_isRefusedAsSuch() throws SQLException {
    DataSource database = migrated(JdbcDatabase.POSTGRESQL);
    JdbcStorage storage = JdbcStorage.postgresql(database);
    storage.delivery("d1");
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      assertThatThrownBy(() -> Sql.execute(connection, "SELECT 1 / 0"))
          .isInstanceOf(SQLException.class);

      assertRefused(
          () -> storage.publish(connection, JdbcTestData.events("e", 1), JdbcTestData::id),
          "roll it back");
      connection.rollback();
    }
  }

  @ParameterizedTest
  @EnumSource
  void reads_behindSpringsProxy_doNotCommitTheCallersTransaction(JdbcDatabase kind)
      throws SQLException {
    DataSource database = migrated(kind);
    TestPostgres.execute(database, "CREATE TABLE orders (id INTEGER)");
    JdbcStorage proxied =
        EmptyDatabase.storage(kind, new TransactionAwareDataSourceProxy(database));
    JdbcStorage storage = EmptyDatabase.storage(kind, database);
    storage.insert(JdbcTestData.webhook("w1"));
    new TransactionTemplate(new DataSourceTransactionManager(database))
        .executeWithoutResult(status -> {
          DataSource joined = new TransactionAwareDataSourceProxy(database);
          execute(joined, "INSERT INTO orders VALUES (1)");
          assertRefused(() -> proxied.delivery("d1"), "TransactionAwareDataSourceProxy");
          assertRefused(() -> proxied.insert(JdbcTestData.webhook("w2")), "auto-commit off");
          status.setRollbackOnly();
        });

    assertThat(count(database, "orders")).isZero();
    assertThat(storage.find(List.of("w1", "w2"))).containsOnlyKeys("w1");
  }

  @Test
  void publish_inATransactionOfSprings_isCommittedWithIt() throws SQLException {
    DataSource database = migrated(JdbcDatabase.POSTGRESQL);
    JdbcStorage storage = JdbcStorage.postgresql(database);
    DataSource proxy = new TransactionAwareDataSourceProxy(database);
    TransactionTemplate transaction =
        new TransactionTemplate(new DataSourceTransactionManager(database));
    for (boolean goesWell : List.of(false, true)) {
      transaction.executeWithoutResult(status -> {
        try (Connection connection = proxy.getConnection()) {
          storage.publish(connection, JdbcTestData.events("spring", 1), JdbcTestData::id);
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
        assertThat(storage.body(Environment.PRODUCTION, "spring0")).isEmpty();
        if (!goesWell) {
          status.setRollbackOnly();
        }
      });
      assertThat(storage.body(Environment.PRODUCTION, "spring0").isPresent()).isEqualTo(goesWell);
    }
  }

  @ParameterizedTest
  @EnumSource
  void pool_withoutAutoCommit_isRefusedUnlessTheBuilderSaysSo(JdbcDatabase kind)
      throws SQLException {
    DataSource database = migrated(kind);
    HikariConfig config = new HikariConfig();
    config.setDataSource(database);
    config.setAutoCommit(false);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      assertRefused(
          () -> EmptyDatabase.storage(kind, pool).delivery("d1"),
          "withConnectionsWithoutAutoCommit");

      JdbcStorage storage = JdbcStorage.of(kind, pool).withConnectionsWithoutAutoCommit();
      storage.migrate();
      storage.insert(JdbcTestData.webhook("w1"));
      JdbcTestData.publish(storage, "e", 2);
      assertThat(JdbcTestData.claim(storage, JdbcTestData.NOW, 9).deliveries()).hasSize(2);
      assertThat(storage.record(List.of(), Map.of(), JdbcTestData.NOW).stale()).isEmpty();
      try (Connection connection = pool.getConnection()) {
        storage.publish(connection, JdbcTestData.events("joined", 1), JdbcTestData::id);
        connection.rollback();
      }
      assertThat(storage.body(Environment.PRODUCTION, "joined0")).isEmpty();
    }
    assertThat(count(database, "klink_event")).isEqualTo(2);
  }

  private DataSource migrated(JdbcDatabase kind) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    EmptyDatabase.storage(kind, database).migrate();
    return database;
  }

  private static Event event(String id) {
    return Event.builder(EventName.CONTACT_CREATED)
        .id(id)
        .timestamp(JdbcTestData.NOW)
        .build();
  }

  private static void execute(DataSource database, String sql) {
    try {
      TestPostgres.execute(database, sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int count(DataSource database, String table) throws SQLException {
    try (Connection connection = database.getConnection()) {
      return Sql.query(connection, "SELECT count(*) FROM " + table, row -> row.getInt(1))
          .get(0);
    }
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.STORAGE_WRONG_CONNECTION))
        .hasMessageContaining(message);
  }
}
