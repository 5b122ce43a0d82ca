package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.HandOff;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.StorageReason;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How connections are treated, and what a damaged row does. */
class ConnectionsTest {
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
            : JdbcStorage.builder(kind, pool).connectionsWithoutAutoCommit().build();
        storage.migrate();
        storage.insert(Given.webhook("w" + autoCommit));
        Given.publish(storage, "e" + autoCommit, 2);
        assertThat(Given.claim(storage, Given.NOW, 100).deliveries()).isNotEmpty();
        assertThat(storage.list(cloud.klink.webhooks.event.Environment.PRODUCTION, "", 9))
            .isNotEmpty();
        assertThatThrownBy(() -> storage.publish(
                Given.events("x", 1),
                () -> {
                  throw new IllegalStateException("no ids");
                },
                HandOff.none()))
            .isInstanceOf(IllegalStateException.class);

        assertThat(open[0]).isZero();
        assertThat(only.isClosed()).isFalse();
        assertThat(only.getAutoCommit()).isEqualTo(autoCommit);
      }
    }
  }

  @Test
  void sqlite_anyConnection_isMadeDurable() throws SQLException {
    DataSource database = EmptyDatabase.of(JdbcDatabase.SQLITE, directory);
    try (Connection only = database.getConnection()) {
      Sql.execute(only, "PRAGMA synchronous = OFF");
      JdbcStorage storage = JdbcStorage.sqlite(handingOut(only, new int[1]));
      storage.migrate();
      storage.insert(Given.webhook("w1"));

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
    storage.insert(Given.webhook("w1"));
    Given.publish(storage, "e", 1);
    try (Connection writer = database.getConnection()) {
      Sql.execute(writer, "BEGIN IMMEDIATE");

      assertThat(Given.claim(storage, Given.NOW.minusSeconds(1), 10).nextDue()).contains(Given.NOW);

      Sql.execute(writer, "ROLLBACK");
    }
  }

  @ParameterizedTest
  @EnumSource
  void deliveries_whoseEventsAreGone_doNotStandInTheWayOfOthers(JdbcDatabase kind)
      throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    JdbcStorage storage = EmptyDatabase.storage(kind, database);
    storage.migrate();
    storage.insert(Given.webhook("w1"));
    Given.publish(storage, "gone", 3);
    TestPostgres.execute(database, "DELETE FROM klink_event");
    Given.publish(storage, "there", 1);

    List<ClaimedDelivery> claimed = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      claimed.addAll(Given.claim(storage, Given.NOW, 1).deliveries());
    }

    assertThat(claimed)
        .singleElement()
        .satisfies(delivery -> assertThat(delivery.eventId()).startsWith("there"));
  }

  @ParameterizedTest
  @EnumSource
  void damagedRows_everywhere_harmOnlyThemselves(JdbcDatabase kind) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    JdbcStorage storage = EmptyDatabase.storage(kind, database);
    storage.migrate();
    storage.insert(Given.webhook("w1"));
    storage.insert(Given.webhook("w2"));
    Given.publish(storage, "e", 3);
    String damaged = storage
        .search(DeliveryQuery.builder().webhook("w2").limit(9).build())
        .deliveries()
        .get(0)
        .id();
    TestPostgres.execute(database, "UPDATE klink_webhook SET method = 'pigeon' WHERE id = 'w1'");
    TestPostgres.execute(
        database, "UPDATE klink_delivery SET state = 77 WHERE id = '" + damaged + "'");
    TestPostgres.execute(database, "DELETE FROM klink_event WHERE event_id = 'e0'");

    assertThat(storage.find(List.of("w1", "w2"))).containsOnlyKeys("w2");
    assertThat(storage.list(cloud.klink.webhooks.event.Environment.PRODUCTION, "", 9))
        .hasSize(1);
    assertCorrupt(() -> storage.find(List.of("w1")));
    assertThat(storage
            .search(DeliveryQuery.builder().webhook("w2").limit(9).build())
            .deliveries())
        .hasSize(2);
    assertCorrupt(() -> storage.delivery(damaged));
    assertThat(Given.claim(storage, Given.NOW, 100).deliveries())
        .extracting(claimed -> claimed.webhookId() + claimed.eventId())
        .containsExactlyInAnyOrder("w1e1", "w1e2", "w2e1");
    assertThat(storage.body(cloud.klink.webhooks.event.Environment.PRODUCTION, "e0"))
        .isEqualTo(Optional.empty());
    assertThat(storage.record(List.of(), Map.of(), Given.NOW).stale()).isEmpty();
  }

  private static void assertCorrupt(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(StorageReason.CORRUPT));
  }

  /** Always the same connection, which closing leaves open; counts those that are out. */
  private static DataSource handingOut(Connection only, int[] open) {
    ClassLoader loader = ConnectionsTest.class.getClassLoader();
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
