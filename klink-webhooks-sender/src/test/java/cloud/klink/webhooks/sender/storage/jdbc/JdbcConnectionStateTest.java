package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The storage sets what it needs of a connection, and gives each back as it was. */
class JdbcConnectionStateTest {
  @TempDir
  Path directory;

  @ParameterizedTest
  @EnumSource
  void connections_ofEveryKindOfWork_areGivenBackAsTheyWere(JdbcDatabase kind) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    for (boolean autoCommit : List.of(true, false)) {
      try (Connection only = database.getConnection()) {
        only.setAutoCommit(autoCommit);
        int[] open = {0};
        DataSource pool = handingOut(only, open);
        JdbcStorage storage = autoCommit
            ? EmptyDatabase.storage(kind, pool)
            : JdbcStorage.of(kind, pool).withConnectionsWithoutAutoCommit();
        storage.migrate();
        storage.insert(JdbcTestData.webhook("w" + autoCommit));
        JdbcTestData.publish(storage, "e" + autoCommit, 2);
        assertThat(JdbcTestData.claim(storage, JdbcTestData.NOW, 100).deliveries())
            .isNotEmpty();
        assertThat(storage.list(Environment.PRODUCTION, "", 9)).isNotEmpty();
        assertThatThrownBy(() -> storage.publish(JdbcTestData.events("x", 1), () -> {
              throw new IllegalStateException("no ids");
            }))
            .isInstanceOf(IllegalStateException.class);

        assertThat(open[0]).isZero();
        assertThat(only.isClosed()).isFalse();
        assertThat(only.getAutoCommit()).isEqualTo(autoCommit);
      }
    }
  }

  @Test
  void postgres_queryThatFails_leavesNoTransactionOpen() throws SQLException {
    DataSource database = EmptyDatabase.of(JdbcDatabase.POSTGRESQL, directory);
    try (Connection only = database.getConnection()) {
      JdbcStorage storage = JdbcStorage.postgresql(handingOut(only, new int[1]));
      storage.migrate();
      storage.insert(JdbcTestData.webhook("w1"));
      JdbcTestData.publish(storage, "e", 1);
      List<ClaimedDelivery> leased =
          JdbcTestData.claim(storage, JdbcTestData.NOW, 1).deliveries();
      Sql.execute(only, "ALTER TABLE klink_webhook RENAME TO elsewhere");

      assertThatThrownBy(() -> storage.committed(leased)).isInstanceOf(StorageException.class);

      Sql.execute(only, "ALTER TABLE elsewhere RENAME TO klink_webhook");
      assertThat(storage.committed(leased)).hasSize(1);
      assertThat(only.getAutoCommit()).isTrue();
    }
  }

  @Test
  void sqlite_anyConnection_isMadeDurable() throws SQLException {
    DataSource database = EmptyDatabase.of(JdbcDatabase.SQLITE, directory);
    try (Connection only = database.getConnection()) {
      Sql.execute(only, "PRAGMA synchronous = OFF");
      JdbcStorage storage = JdbcStorage.sqlite(handingOut(only, new int[1]));
      storage.migrate();
      storage.insert(JdbcTestData.webhook("w1"));

      assertThat(Sql.query(only, "PRAGMA synchronous", row -> row.getInt(1))).containsExactly(2);
      assertThat(Sql.query(only, "PRAGMA journal_mode", row -> row.getString(1)))
          .containsExactly("wal");
    }
  }

  @Test
  void h2_migrated_flushesAtCommit() throws SQLException {
    DataSource database = EmptyDatabase.of(JdbcDatabase.H2, directory);
    JdbcStorage.h2(database).migrate();

    try (Connection connection = database.getConnection()) {
      assertThat(Sql.query(
              connection,
              "SELECT setting_value FROM information_schema.settings"
                  + " WHERE setting_name = 'WRITE_DELAY'",
              row -> row.getString(1)))
          .containsOnly("0");
    }
  }

  @Test
  void sqlite_nothingDue_isSeenWithoutTheWriteLock() throws SQLException {
    DataSource database = EmptyDatabase.of(JdbcDatabase.SQLITE, directory);
    JdbcStorage storage = JdbcStorage.sqlite(database);
    storage.migrate();
    storage.insert(JdbcTestData.webhook("w1"));
    JdbcTestData.publish(storage, "e", 1);
    try (Connection writer = database.getConnection()) {
      Sql.execute(writer, "BEGIN IMMEDIATE");

      assertThat(
              JdbcTestData.claim(storage, JdbcTestData.NOW.minusSeconds(1), 10).nextDue())
          .contains(JdbcTestData.NOW);

      Sql.execute(writer, "ROLLBACK");
    }
  }

  /** Always the same connection, which closing leaves open; counts those that are out. */
  private static DataSource handingOut(Connection only, int[] open) {
    ClassLoader loader = JdbcConnectionStateTest.class.getClassLoader();
    Connection lent = (Connection) Proxy.newProxyInstance(
        loader, new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
          if (method.getName().equals("close")) {
            open[0]--;
            return null;
          }
          try {
            return method.invoke(only, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
    return (DataSource) Proxy.newProxyInstance(
        loader, new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
          open[0]++;
          return lent;
        });
  }
}
