package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What threads and other processes can do to a database in a file. */
class EmbeddedFilesTest {
  private static final int INTERRUPTS = 300;

  @TempDir
  Path directory;

  @Test
  void sqlite_lockedByAnother_failsWithinOneDeadline() throws SQLException {
    DataSource database = EmptyDatabase.of(JdbcDatabase.SQLITE, directory);
    JdbcStorage storage =
        JdbcStorage.of(JdbcDatabase.SQLITE, database).withTimeout(Duration.ofSeconds(2));
    storage.migrate();
    try (Connection other = database.getConnection()) {
      Sql.execute(other, "BEGIN IMMEDIATE");
      long start = System.nanoTime();

      assertThatThrownBy(() -> storage.insert(JdbcTestData.webhook("w1")))
          .isInstanceOf(StorageException.class);

      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertThat(took).isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(8));
      Sql.execute(other, "ROLLBACK");
    }
    assertThat(storage.insert(JdbcTestData.webhook("w1"))).isTrue();
  }

  @Test
  void sqlite_lockedByAnother_failsEachKindOfCallWithinOneDeadline() throws SQLException {
    DataSource database = EmptyDatabase.of(JdbcDatabase.SQLITE, directory);
    JdbcStorage storage =
        JdbcStorage.of(JdbcDatabase.SQLITE, database).withTimeout(Duration.ofSeconds(1));
    storage.migrate();
    storage.insert(JdbcTestData.webhook("w1"));
    JdbcTestData.publish(storage, "e", 3);
    ClaimedDelivery claimed =
        JdbcTestData.claim(storage, JdbcTestData.NOW, 1).deliveries().get(0);
    Map<String, ThrowingCallable> calls = Map.of(
        "publish", () -> JdbcTestData.publish(storage, "f", 1),
        "claim", () -> JdbcTestData.claim(storage, JdbcTestData.NOW, 9),
        "record",
            () ->
                storage.record(List.of(JdbcTestData.success(claimed)), Map.of(), JdbcTestData.NOW),
        "release", () -> storage.release(Map.of(claimed.lease(), JdbcTestData.NOW)),
        "redeliver", () -> storage.redeliver(claimed.deliveryId(), "new", JdbcTestData.NOW),
        "delete", () -> storage.delete("w1"));
    try (Connection other = database.getConnection()) {
      Sql.execute(other, "BEGIN EXCLUSIVE");
      storage.migrate(); // there is nothing to be done
      calls.forEach((name, call) -> {
        long start = System.nanoTime();
        assertThatThrownBy(call)
            .as(name)
            .isInstanceOfSatisfying(
                StorageException.class,
                e -> assertThat(e.reason()).isEqualTo(SenderReason.STORAGE_UNAVAILABLE));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
            .as(name)
            .isLessThan(Duration.ofSeconds(5));
      });
      Sql.execute(other, "ROLLBACK");
    }
    assertThat(JdbcTestData.claim(storage, JdbcTestData.NOW, 9).deliveries()).hasSize(2);
  }

  @Test
  void sqlite_lockedByAnotherBeforeThereAreTables_waitsForIt() throws Exception {
    DataSource database = EmptyDatabase.of(JdbcDatabase.SQLITE, directory);
    JdbcStorage storage = JdbcStorage.sqlite(database);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Connection other = database.getConnection()) {
      Sql.execute(other, "CREATE TABLE theirs (id INTEGER)");
      Sql.execute(other, "BEGIN EXCLUSIVE");
      Future<?> migrated = thread.submit(storage::migrate);
      assertThatThrownBy(() -> migrated.get(2, TimeUnit.SECONDS))
          .isInstanceOf(TimeoutException.class);
      Sql.execute(other, "ROLLBACK");
      migrated.get(30, TimeUnit.SECONDS);
    } finally {
      thread.shutdownNow();
    }
    assertThat(storage.insert(JdbcTestData.webhook("w1"))).isTrue();
  }

  @Test
  void h2_whoseCallerIsInterrupted_doesEachKindOfCall() {
    JdbcDataSource database = new JdbcDataSource(); // the file is opened and closed by each call
    database.setURL("jdbc:h2:file:" + directory.resolve("klink"));
    JdbcStorage storage = JdbcStorage.h2(database);
    interrupted(storage::migrate);
    interrupted(() -> storage.insert(JdbcTestData.webhook("w1")));
    interrupted(() -> JdbcTestData.publish(storage, "e", 3));
    List<ClaimedDelivery> claimed = new ArrayList<>();
    interrupted(
        () -> claimed.addAll(JdbcTestData.claim(storage, JdbcTestData.NOW, 9).deliveries()));
    interrupted(() ->
        storage.record(List.of(JdbcTestData.success(claimed.get(0))), Map.of(), JdbcTestData.NOW));
    interrupted(() -> storage.release(Map.of(claimed.get(1).lease(), JdbcTestData.NOW)));
    interrupted(() -> storage.redeliver(claimed.get(0).deliveryId(), "new", JdbcTestData.NOW));
    interrupted(() -> storage.delivery("new"));
    interrupted(
        () -> storage.search(DeliveryQuery.builder().webhook("w1").limit(9).build()));

    assertThat(JdbcTestData.claim(storage, JdbcTestData.NOW, 9).deliveries())
        .extracting(ClaimedDelivery::deliveryId)
        .containsExactlyInAnyOrder(claimed.get(1).deliveryId(), "new");
    assertThat(storage.delivery(claimed.get(0).deliveryId()).orElseThrow().state())
        .isEqualTo(DeliveryState.SUCCEEDED);
  }

  private static void interrupted(Runnable call) {
    Thread.currentThread().interrupt();
    try {
      call.run();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void h2_whoseWritersAreInterrupted_livesAndLosesNothing() throws InterruptedException {
    JdbcConnectionPool pool =
        JdbcConnectionPool.create("jdbc:h2:file:" + directory.resolve("klink"), "", "");
    JdbcStorage storage = JdbcStorage.h2(pool);
    storage.migrate();
    storage.insert(JdbcTestData.webhook("w1"));
    AtomicInteger published = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    Thread writer = new Thread(() -> {
      while (published.get() + failed.get() < INTERRUPTS) {
        try {
          storage.publish(JdbcTestData.events("e" + published.get() + "_", 1), JdbcTestData::id);
          published.incrementAndGet();
        } catch (StorageException e) {
          failed.incrementAndGet();
        }
        Thread.interrupted();
      }
    });
    writer.start();
    while (writer.isAlive()) {
      writer.interrupt();
      writer.join(1);
    }

    assertThat(failed.get()).isZero();
    assertThat(storage.body(Environment.PRODUCTION, "e" + (INTERRUPTS - 1) + "_0"))
        .isPresent();
    pool.dispose();
  }
}
