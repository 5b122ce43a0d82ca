package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What paused webhooks hold costs claims nothing, in databases that are asked step by step. */
class HeldDeliveriesTest {
  private static final int PAUSED = 2_000;

  /** A claim of this many queues, by so many statements at most. */
  private static final int STATEMENTS = 50;

  private final AtomicLong nanoTime = new AtomicLong();
  private final List<String> executed = new ArrayList<>();

  @TempDir
  private Path directory;

  @ParameterizedTest
  @EnumSource(names = {"SQLITE", "H2"})
  void claim_besideManyPausedWebhooks_asksNoMoreThanWithoutThem(JdbcDatabase kind)
      throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    JdbcStorage storage = storage(kind, counting(database));
    storage.migrate();
    for (String id : List.of("a", "held100", "held1900", "z")) {
      storage.insert(JdbcTestData.webhook(id));
    }
    JdbcTestData.publish(storage, "e", 2);
    hold(database);
    claimAll(storage);

    JdbcTestData.publish(storage, "f", 1);
    executed.clear();
    Claims claims = JdbcTestData.claim(storage, JdbcTestData.NOW, 100);

    assertThat(claims.deliveries())
        .extracting(ClaimedDelivery::webhookId)
        .containsExactly("a", "held100", "held1900", "z");
    assertThat(executed).hasSizeLessThan(STATEMENTS);
    assertUsesIndexes(kind, database);
  }

  @ParameterizedTest
  @EnumSource(names = {"SQLITE", "H2"})
  void claim_besideManyPausedWebhooks_findsThoseThatAreResumedAtOnceAndDeletedOnesWithinAMinute(
      JdbcDatabase kind) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    JdbcStorage storage = storage(kind, database);
    storage.migrate();
    hold(database);
    claimAll(storage);
    TestPostgres.execute(
        database, "UPDATE klink_webhook SET pause_cause = NULL WHERE id = 'held7'");
    storage.delete("held8");

    assertThat(JdbcTestData.claim(storage, JdbcTestData.NOW, 100).deliveries())
        .extracting(ClaimedDelivery::webhookId)
        .containsExactly("held7");
    nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(JdbcTestData.claim(storage, JdbcTestData.NOW, 100).orphans())
        .isEqualTo(Set.of("held8"));
  }

  private static void claimAll(JdbcStorage storage) {
    List<ClaimedDelivery> claimed;
    do {
      claimed = JdbcTestData.claim(storage, JdbcTestData.NOW, 100).deliveries();
    } while (!claimed.isEmpty());
  }

  private JdbcStorage storage(JdbcDatabase kind, DataSource database) {
    return new JdbcStorage(
        database,
        kind == JdbcDatabase.SQLITE
            ? new SqliteDialect(nanoTime::get)
            : new H2Dialect(nanoTime::get),
        new ConnectionRules(ConnectionRules.TIMEOUT, false));
  }

  /** Paused webhooks with a delivery each, as copies of one. */
  private void hold(DataSource database) throws SQLException {
    JdbcStorage storage = storage(
        database.getClass().getName().contains("sqlite") ? JdbcDatabase.SQLITE : JdbcDatabase.H2,
        database);
    storage.insert(JdbcTestData.webhook("template"));
    JdbcTestData.publish(storage, "held", 1);
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      copies(
          connection,
          "INSERT INTO klink_webhook SELECT ?, environment, name, method, url,"
              + " auth_header, auth_value, secret, '" + PauseCause.REQUESTED.id() + "', 'held',"
              + " created_at, active_since, created_at, updated_at, version, secret_version,"
              + " auth_version FROM klink_webhook WHERE id = 'template'");
      copies(
          connection,
          "INSERT INTO klink_delivery (id, webhook_id, environment, event_id, event_name, state,"
              + " attempts, due_at, token, created_at) SELECT ?, ?, environment, event_id,"
              + " event_name, state, attempts, due_at, token, created_at FROM klink_delivery"
              + " WHERE webhook_id = 'template'");
      connection.commit();
    }
    storage.delete("template");
    storage.end("template", DeliveryState.CANCELLED, JdbcTestData.NOW.plusSeconds(999), 99);
  }

  private static void copies(Connection connection, String sql) throws SQLException {
    boolean isOfTwo = sql.contains("?, ?");
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < PAUSED; i++) {
        if (i != 100 && i != 1_900) {
          statement.setString(1, "held" + i);
          if (isOfTwo) {
            statement.setString(2, "held" + i);
          }
          statement.addBatch();
        }
      }
      statement.executeBatch();
    }
  }

  private void assertUsesIndexes(JdbcDatabase kind, DataSource database) throws SQLException {
    String explain = kind == JdbcDatabase.SQLITE ? "EXPLAIN QUERY PLAN " : "EXPLAIN ";
    for (String sql : Set.copyOf(executed)) {
      if (sql.startsWith("SELECT") && sql.contains("klink_")) {
        try (Connection connection = database.getConnection()) {
          Object[] values = sql.chars().filter(c -> c == '?').mapToObj(c -> 1).toArray();
          String plan = String.join(
              "\n",
              Sql.query(
                  connection,
                  explain + sql,
                  row -> row.getString(row.getMetaData().getColumnCount()),
                  values));
          assertThat(plan)
              .as(sql)
              .doesNotContain("SCAN klink", "SCAN d", "TEMP B-TREE", "tableScan");
        }
      }
    }
  }

  /** Notes each statement that is executed. */
  private DataSource counting(DataSource database) {
    return proxy(DataSource.class, database, "");
  }

  private <T> T proxy(Class<T> type, Object target, String sql) {
    return type.cast(Proxy.newProxyInstance(
        HeldDeliveriesTest.class.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          if (method.getName().startsWith("execute")) {
            executed.add(arguments == null ? sql : (String) arguments[0]);
          }
          Object result;
          try {
            result = method.invoke(target, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
          if (result instanceof Connection) {
            return proxy(Connection.class, result, "");
          } else if (result instanceof PreparedStatement) {
            return proxy(PreparedStatement.class, result, (String) arguments[0]);
          }
          return result instanceof Statement ? proxy(Statement.class, result, "") : result;
        }));
  }
}
