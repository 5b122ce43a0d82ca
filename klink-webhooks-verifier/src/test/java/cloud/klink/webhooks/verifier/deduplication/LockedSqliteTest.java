package cloud.klink.webhooks.verifier.deduplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** SQLite, while another connection holds its lock. */
class LockedSqliteTest {
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38Z");

  private final SQLiteDataSource database = new SQLiteDataSource();
  private final Semaphore opened = new Semaphore(0);
  private final AtomicInteger inserts = new AtomicInteger();

  @BeforeEach
  void create(@TempDir Path directory) {
    database.setUrl("jdbc:sqlite:" + directory.resolve("processed.db"));
    new JdbcProcessedEvents(database).migrate();
  }

  /** The driver waits for it by the statement's time, but not before the statement is prepared. */
  @Test
  void claim_whileTheDriverDoesNotWaitForTheLock_isMadeWhenItIsFree() throws Exception {
    database.setBusyTimeout(0);
    ProcessedEvents processed = node(Duration.ofMinutes(1));
    try (Connection other = database.getConnection()) {
      execute(other, "BEGIN EXCLUSIVE");
      CompletableFuture<Claim> claim = CompletableFuture.supplyAsync(() -> claim(processed));
      assertThat(opened.tryAcquire(3, 30, TimeUnit.SECONDS))
          .as("it is tried again")
          .isTrue();
      execute(other, "ROLLBACK");
      assertThat(ClaimState.of(claim.get())).isEqualTo(ClaimState.NEW);
    }
  }

  /** Reading works meanwhile, so that a claim could try to write again and again. */
  @Test
  void claim_whileAnotherWritesForLong_failsWhenTheTimeIsOver() throws SQLException {
    ProcessedEvents processed = node(Duration.ofSeconds(1));
    try (Connection other = database.getConnection()) {
      execute(other, "BEGIN IMMEDIATE");
      assertThatThrownBy(() -> claim(processed))
          .isInstanceOf(ProcessedEventsException.class)
          .hasRootCauseInstanceOf(SQLException.class);
      execute(other, "ROLLBACK");
    }
    assertThat(inserts).hasValueLessThanOrEqualTo(2);
    assertThat(ClaimState.of(claim(processed))).isEqualTo(ClaimState.NEW);
  }

  private static Claim claim(ProcessedEvents processed) {
    return processed.claim("evt_1", NOW, NOW.plusSeconds(25));
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Counts the connections that are opened, and the inserts that are begun. */
  private ProcessedEvents node(Duration timeout) {
    DataSource counting = (DataSource) Proxy.newProxyInstance(
        LockedSqliteTest.class.getClassLoader(),
        new Class<?>[] {DataSource.class},
        (proxy, method, arguments) -> {
          opened.release();
          return counting(database.getConnection());
        });
    return JdbcProcessedEvents.builder(counting).statementTimeout(timeout).build();
  }

  private Connection counting(Connection connection) {
    return (Connection) Proxy.newProxyInstance(
        LockedSqliteTest.class.getClassLoader(),
        new Class<?>[] {Connection.class},
        (proxy, method, arguments) -> {
          if (arguments != null && arguments[0] instanceof String sql && sql.startsWith("INSERT")) {
            inserts.incrementAndGet();
          }
          try {
            return method.invoke(connection, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }
}
