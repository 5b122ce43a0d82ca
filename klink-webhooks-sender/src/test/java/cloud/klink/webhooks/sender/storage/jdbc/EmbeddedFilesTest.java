package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.storage.HandOff;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
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
    JdbcStorage storage = JdbcStorage.builder(JdbcDatabase.SQLITE, database)
        .timeout(Duration.ofSeconds(2))
        .build();
    storage.migrate();
    try (Connection other = database.getConnection()) {
      Sql.execute(other, "BEGIN IMMEDIATE");
      long start = System.nanoTime();

      assertThatThrownBy(() -> storage.insert(Given.webhook("w1")))
          .isInstanceOf(StorageException.class);

      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertThat(took).isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(8));
      Sql.execute(other, "ROLLBACK");
    }
    assertThat(storage.insert(Given.webhook("w1"))).isTrue();
  }

  @Test
  void h2_whoseWritersAreInterrupted_livesAndLosesNothing() throws InterruptedException {
    JdbcConnectionPool pool =
        JdbcConnectionPool.create("jdbc:h2:file:" + directory.resolve("klink"), "", "");
    JdbcStorage storage = JdbcStorage.h2(pool);
    storage.migrate();
    storage.insert(Given.webhook("w1"));
    AtomicInteger published = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    Thread writer = new Thread(() -> {
      while (published.get() + failed.get() < INTERRUPTS) {
        try {
          storage.publish(Given.events("e" + published.get() + "_", 1), Given::id, HandOff.none());
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
