package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is true of a connection, whatever the storage is asked to do with it. */
class EveryCallConnectionTest {
  private final AtomicReference<SQLException> failure = new AtomicReference<>();
  private final AtomicInteger aborted = new AtomicInteger();
  private final AtomicInteger executed = new AtomicInteger();

  @TempDir
  Path directory;

  private static Map<String, ThrowingCallable> calls(JdbcStorage storage, ClaimedDelivery claimed) {
    Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
    calls.put("migrate", storage::migrate);
    calls.put("insert", () -> storage.insert(JdbcTestData.webhook("w2")));
    calls.put("update", () -> storage.update(JdbcTestData.webhook("w1")));
    calls.put("delete", () -> storage.delete("absent"));
    calls.put("find", () -> storage.find(List.of("w1")));
    calls.put("list", () -> storage.list(Environment.PRODUCTION, "", 9));
    calls.put("publish", () -> JdbcTestData.publish(storage, "f", 1));
    calls.put("claim", () -> JdbcTestData.claim(storage, JdbcTestData.NOW, 9));
    calls.put(
        "record",
        () -> storage.record(List.of(JdbcTestData.success(claimed)), Map.of(), JdbcTestData.NOW));
    calls.put("committed", () -> storage.committed(List.of(claimed)));
    calls.put("release", () -> storage.release(Map.of(claimed.lease(), JdbcTestData.NOW)));
    calls.put("end", () -> storage.end("w1", DeliveryState.CANCELLED, JdbcTestData.NOW, 9));
    calls.put("delivery", () -> storage.delivery("d1"));
    calls.put(
        "search",
        () -> storage.search(DeliveryQuery.builder().webhook("w1").limit(9).build()));
    calls.put("attempts", () -> storage.attempts("d1"));
    calls.put("body", () -> storage.body(Environment.PRODUCTION, "e0"));
    calls.put("failures", () -> storage.failures("w1", JdbcTestData.NOW, JdbcTestData.NOW, 9));
    calls.put("backlog", () -> storage.backlog(JdbcTestData.NOW));
    calls.put("redeliver", () -> storage.redeliver("d1", "d2", JdbcTestData.NOW));
    calls.put(
        "redeliverFailed",
        () ->
            storage.redeliverFailed("w1", JdbcTestData.NOW, JdbcTestData::id, JdbcTestData.NOW, 9));
    calls.put(
        "publishTo",
        () -> storage.publishTo(JdbcTestData.events("to", 1).get(0), "w1", JdbcTestData.id()));
    return calls;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"08000", "08003", "08006", "25006", "25P03", "57P01", "57P02", "57P03", "57P05"})
  void connection_thatIsOfNoUse_isAbortedByEveryCall(String state) throws SQLException {
    JdbcStorage storage = JdbcStorage.postgresql(watched(TestPostgres.sender()));
    Map<String, ThrowingCallable> calls = calls(storage, claimed(storage));
    for (boolean isBehindAnother : List.of(false, true)) {
      SQLException cause = new SQLException("the server goes", state);
      failure.set(isBehindAnother ? new BatchUpdateException("batch", new int[0], cause) : cause);
      calls.forEach((name, call) -> {
        aborted.set(0);
        assertThatThrownBy(call)
            .as(name)
            .isInstanceOfSatisfying(
                StorageException.class,
                e -> assertThat(e.reason()).isEqualTo(SenderReason.STORAGE_UNAVAILABLE));
        assertThat(aborted).as(name).hasValue(1);
      });
      failure.set(null);
    }
    assertThat(storage.delivery("absent")).isEmpty();
  }

  @Test
  void connection_ofTheCallers_isLeftToTheCaller() throws SQLException {
    DataSource database = watched(TestPostgres.sender());
    JdbcStorage storage = JdbcStorage.postgresql(database);
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      failure.set(new SQLException("read-only", "25006"));
      assertThatThrownBy(
              () -> storage.publish(connection, JdbcTestData.events("theirs", 1), JdbcTestData::id))
          .isInstanceOf(StorageException.class);
      failure.set(null);
      assertThat(aborted).hasValue(0);
      assertThat(connection.isClosed()).isFalse();
      connection.rollback();
    }
  }

  @ParameterizedTest
  @EnumSource
  void connection_withAutoCommitOff_isRefusedByEveryCallBeforeAnyStatement(JdbcDatabase kind)
      throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    JdbcStorage sound = EmptyDatabase.storage(kind, database);
    sound.migrate();
    ClaimedDelivery claimed = claimed(sound);
    JdbcStorage storage = EmptyDatabase.storage(kind, withoutAutoCommit(watched(database)));
    executed.set(0);
    calls(storage, claimed)
        .forEach((name, call) -> assertThatThrownBy(call)
            .as(name)
            .isInstanceOfSatisfying(
                StorageException.class,
                e -> assertThat(e.reason()).isEqualTo(SenderReason.STORAGE_WRONG_CONNECTION)));
    assertThat(executed).hasValue(0);
  }

  private static ClaimedDelivery claimed(JdbcStorage storage) {
    String id = JdbcTestData.id();
    storage.insert(JdbcTestData.webhook("every" + id));
    JdbcTestData.publish(storage, "every" + id, 1);
    return JdbcTestData.claim(storage, JdbcTestData.NOW, 1_000).deliveries().get(0);
  }

  private static DataSource withoutAutoCommit(DataSource database) {
    return (DataSource) Proxy.newProxyInstance(
        EveryCallConnectionTest.class.getClassLoader(),
        new Class<?>[] {DataSource.class},
        (proxy, method, arguments) -> {
          Connection connection = database.getConnection();
          connection.setAutoCommit(false);
          return connection;
        });
  }

  /** Counts statements and aborted connections, and has statements fail. */
  private DataSource watched(DataSource database) {
    return (DataSource) watched(database, DataSource.class);
  }

  private Object watched(Object target, Class<?> type) {
    return Proxy.newProxyInstance(
        EveryCallConnectionTest.class.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          String name = method.getName();
          if (name.equals("abort")) {
            aborted.incrementAndGet();
          }
          if (name.startsWith("execute")) {
            executed.incrementAndGet();
            SQLException thrown = failure.get();
            if (thrown != null) {
              throw thrown;
            }
          }
          Object result;
          try {
            result = method.invoke(target, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
          boolean isWatched = result instanceof Connection || result instanceof Statement;
          return isWatched ? watched(result, method.getReturnType()) : result;
        });
  }
}
