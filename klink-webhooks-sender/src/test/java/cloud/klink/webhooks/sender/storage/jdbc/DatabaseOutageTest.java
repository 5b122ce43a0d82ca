package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.StorageException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that is down is reported, and used again when it is back. */
class DatabaseOutageTest {
  @TempDir
  Path directory;

  @ParameterizedTest
  @EnumSource
  void connections_thatCannotBeHad_areReportedAndUsedWhenTheyCan(JdbcDatabase kind)
      throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    EmptyDatabase.storage(kind, database).migrate();
    AtomicReference<Exception> outage =
        new AtomicReference<>(new SQLException("no route", "08001"));
    JdbcStorage storage = EmptyDatabase.storage(kind, failing(database, outage));

    assertUnavailable(() -> storage.insert(JdbcTestData.webhook("w1")));
    assertUnavailable(() -> JdbcTestData.publish(storage, "e", 1));
    assertUnavailable(() -> JdbcTestData.claim(storage, JdbcTestData.NOW, 10));
    assertUnavailable(storage::migrate);
    outage.set(new IllegalStateException("the pool is shut down"));
    assertUnavailable(() -> storage.delivery("d1"));
    assertUnavailable(() -> storage.publish(JdbcTestData.events("e", 1), JdbcTestData::id));

    outage.set(null);
    assertThat(storage.insert(JdbcTestData.webhook("w1"))).isTrue();
    JdbcTestData.publish(storage, "e", 1);
    assertThat(JdbcTestData.claim(storage, JdbcTestData.NOW, 10).deliveries()).hasSize(1);
  }

  @Test
  void postgres_stoppedAndStarted_isUsedAgainAndHasLostNothing() throws IOException {
    EmbeddedPostgres first = start(0);
    int port = first.getPort();
    JdbcStorage storage = JdbcStorage.postgresql(first.getPostgresDatabase());
    storage.migrate();
    storage.insert(JdbcTestData.webhook("w1"));
    JdbcTestData.publish(storage, "e", 5);
    int claimed = JdbcTestData.claim(storage, JdbcTestData.NOW, 2).deliveries().size();

    first.close();
    assertUnavailable(() -> JdbcTestData.publish(storage, "f", 1));
    assertUnavailable(() -> JdbcTestData.claim(storage, JdbcTestData.NOW, 10));

    try (EmbeddedPostgres second = start(port)) {
      assertThat(second.getPort()).isEqualTo(port);
      assertThat(claimed).isEqualTo(2);
      assertThat(JdbcTestData.claim(storage, JdbcTestData.NOW, 10).deliveries()).hasSize(3);
      assertThat(
              JdbcTestData.claim(storage, JdbcTestData.NOW.plusSeconds(60), 10).deliveries())
          .hasSize(5);
    }
  }

  private EmbeddedPostgres start(int port) throws IOException {
    EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
        .setDataDirectory(directory.resolve("postgres"))
        .setCleanDataDirectory(false)
        .setServerConfig("fsync", "on");
    return (port == 0 ? builder : builder.setPort(port)).start();
  }

  private static void assertUnavailable(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.STORAGE_UNAVAILABLE))
        .hasMessageStartingWith("storage: cannot ")
        .hasCauseInstanceOf(SQLException.class);
  }

  private static DataSource failing(DataSource database, AtomicReference<Exception> outage) {
    return (DataSource) Proxy.newProxyInstance(
        DatabaseOutageTest.class.getClassLoader(),
        new Class<?>[] {DataSource.class},
        (proxy, method, arguments) -> {
          if (outage.get() != null) {
            throw outage.get();
          }
          return method.invoke(database, arguments);
        });
  }
}
