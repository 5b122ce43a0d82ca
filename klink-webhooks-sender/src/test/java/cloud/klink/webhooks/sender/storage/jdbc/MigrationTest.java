package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.webhook.Webhook;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MigrationTest {
  private static final int NODES = 8;

  @TempDir
  Path directory;

  @ParameterizedTest
  @EnumSource
  void migrate_manyNodesAtOnce_makesTheTablesOnce(JdbcDatabase kind) throws Exception {
    DataSource empty = EmptyDatabase.of(kind, directory);
    ExecutorService threads = Executors.newFixedThreadPool(NODES);
    CyclicBarrier start = new CyclicBarrier(NODES);
    try {
      Callable<Boolean> node = () -> {
        JdbcStorage storage = EmptyDatabase.storage(kind, empty);
        start.await();
        storage.migrate();
        return storage.insert(JdbcTestData.webhook("w1"));
      };
      List<Future<Boolean>> nodes =
          threads.invokeAll(IntStream.range(0, NODES).mapToObj(i -> node).toList());

      int inserted = 0;
      for (Future<Boolean> each : nodes) {
        inserted += each.get() ? 1 : 0;
      }
      assertThat(inserted).isEqualTo(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void use_withoutTables_saysWhatToDo(JdbcDatabase kind) throws SQLException {
    JdbcStorage storage = EmptyDatabase.storage(kind, EmptyDatabase.of(kind, directory));

    assertThatThrownBy(() -> storage.delivery("d1"))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.STORAGE_WRONG_VERSION))
        .hasMessageContaining("migrate()");

    storage.migrate();
    assertThat(storage.delivery("d1")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void use_newerTables_isRefused(JdbcDatabase kind) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    EmptyDatabase.storage(kind, database).migrate();
    TestPostgres.execute(database, "INSERT INTO klink_schema_version (version) VALUES (999)");
    JdbcStorage old = EmptyDatabase.storage(kind, database);

    assertThatThrownBy(() -> old.insert(JdbcTestData.webhook("w1")))
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.STORAGE_WRONG_VERSION))
        .hasMessageContaining("999");
    assertThatThrownBy(old::migrate).isInstanceOf(StorageException.class);
  }

  @ParameterizedTest
  @EnumSource
  void ddl_runByAnotherTool_isEnoughAndMayBeRepeated(JdbcDatabase kind) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    for (int i = 0; i < 2; i++) {
      for (String statement : JdbcStorage.ddl(kind).split(";\\s*\n", -1)) {
        if (!statement.isBlank()) {
          TestPostgres.execute(database, statement);
        }
      }
    }

    assertThat(EmptyDatabase.storage(kind, database).insert(JdbcTestData.webhook("w1")))
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void migrate_inATenantsSchema_makesTablesThereThoughPublicHasSome(JdbcDatabase kind)
      throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    JdbcStorage shared = EmptyDatabase.storage(kind, database);
    shared.migrate();
    shared.insert(JdbcTestData.webhook("shared"));
    for (String tenant : List.of("one", "two")) {
      TestPostgres.execute(database, "CREATE SCHEMA tenant_" + tenant);
      DataSource path = inSchema(kind, database, "tenant_" + tenant);
      JdbcStorage storage = EmptyDatabase.storage(kind, path);
      assertThatThrownBy(() -> storage.insert(JdbcTestData.webhook(tenant)))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("migrate()");
      assertThatThrownBy(() -> {
            try (Connection connection = path.getConnection()) {
              connection.setAutoCommit(false);
              storage.publish(connection, JdbcTestData.events(tenant, 1), JdbcTestData::id);
            }
          })
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("migrate()");

      storage.migrate();
      storage.insert(JdbcTestData.webhook(tenant));
      JdbcTestData.publish(storage, tenant, 1);

      assertThat(storage.list(Environment.PRODUCTION, "", 9))
          .extracting(Webhook::id)
          .containsExactly(tenant);
      assertThat(JdbcTestData.claim(storage, JdbcTestData.NOW, 9).deliveries()).hasSize(1);
      assertThatThrownBy(() -> {
            try (Connection connection = database.getConnection()) {
              connection.setAutoCommit(false);
              storage.publish(connection, JdbcTestData.events(tenant, 1), JdbcTestData::id);
            }
          })
          .isInstanceOfSatisfying(
              StorageException.class,
              e -> assertThat(e.reason()).isEqualTo(SenderReason.STORAGE_WRONG_CONNECTION));
    }
    assertThat(shared.list(Environment.PRODUCTION, "", 9)).hasSize(1);
    assertThat(JdbcTestData.claim(shared, JdbcTestData.NOW, 9).deliveries()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void migrate_inASchemaOfAnUnusualName_makesTablesThere(JdbcDatabase kind) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    JdbcStorage shared = EmptyDatabase.storage(kind, database);
    shared.migrate();
    shared.insert(JdbcTestData.webhook("shared"));
    for (String name : List.of("Tenant", "TENANT", "ten ant", "a.b", "ten\"\"ant", "f\u00fcnf")) {
      String schema = '"' + name + '"';
      TestPostgres.execute(database, "CREATE SCHEMA " + schema);
      JdbcStorage storage = EmptyDatabase.storage(kind, inSchema(kind, database, schema));
      assertThatThrownBy(() -> storage.insert(JdbcTestData.webhook("w1")))
          .as(name)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("migrate()");

      storage.migrate();
      assertThat(storage.insert(JdbcTestData.webhook("w1"))).as(name).isTrue();
      JdbcTestData.publish(storage, "e", 1);

      assertThat(storage.list(Environment.PRODUCTION, "", 9)).as(name).hasSize(1);
      assertThat(JdbcTestData.claim(storage, JdbcTestData.NOW, 9).deliveries())
          .as(name)
          .hasSize(1);
    }
    assertThat(shared.list(Environment.PRODUCTION, "", 9)).hasSize(1);
    assertThat(JdbcTestData.claim(shared, JdbcTestData.NOW, 9).deliveries()).isEmpty();
  }

  @Test
  void migrate_whereTheFirstSchemaOfThePathIsMissing_makesTablesInTheFirstThatIsThere()
      throws SQLException {
    DataSource database = EmptyDatabase.of(JdbcDatabase.POSTGRESQL, directory);
    TestPostgres.execute(database, "CREATE SCHEMA postgres"); // the user's own: "$user"
    JdbcStorage storage =
        JdbcStorage.postgresql(inSchema(JdbcDatabase.POSTGRESQL, database, "missing, \"$user\""));

    storage.migrate();
    storage.insert(JdbcTestData.webhook("w1"));

    TestPostgres.execute(database, "SELECT id FROM postgres.klink_webhook");
    assertThatThrownBy(() -> TestPostgres.execute(database, "SELECT id FROM public.klink_webhook"))
        .isInstanceOf(SQLException.class);
  }

  private static DataSource unpooled(DataSource database) {
    return database instanceof HikariDataSource pool ? pool.getDataSource() : database;
  }

  /** Connections that look in a schema first and in public then. */
  private static DataSource inSchema(JdbcDatabase kind, DataSource database, String schema) {
    String[] settings = kind == JdbcDatabase.H2
        ? new String[] {"SET SCHEMA " + schema, "SET SCHEMA_SEARCH_PATH " + schema + ", public"}
        : new String[] {"SET search_path = " + schema + ", public"};
    return (DataSource) Proxy.newProxyInstance(
        MigrationTest.class.getClassLoader(),
        new Class<?>[] {DataSource.class},
        (proxy, method, arguments) -> {
          Connection connection = unpooled(database).getConnection();
          for (String setting : settings) {
            Sql.execute(connection, setting);
          }
          return connection;
        });
  }

  @Test
  void migrate_byARoleThatMayMakeNothing_seesThatNothingIsToBeDone() {
    JdbcStorage sender = JdbcStorage.postgresql(TestPostgres.sender());

    sender.migrate();

    assertThat(sender.delivery("absent")).isEmpty();
    assertThatThrownBy(() -> TestPostgres.execute(TestPostgres.sender(), "DROP TABLE klink_event"))
        .isInstanceOf(SQLException.class);
  }
}
