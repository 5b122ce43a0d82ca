package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.Webhook;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL, where another session holds the lock of one webhook's row. */
class LockedWebhookTest {
  /** How long somebody else holds the lock: beyond the lease would take a minute. */
  private static final int LOCKED_ROUNDS = 40;

  private final CountingEndpoints receivers = new CountingEndpoints();

  private record PauseCall(String webhookId, Pause pause, List<Attempt> failures) {}

  private final List<PauseCall> pauses = new CopyOnWriteArrayList<>();
  private final List<WebhookSender> senders = new ArrayList<>();
  private HikariDataSource database;

  @BeforeEach
  void migrate(@TempDir Path directory) throws SQLException {
    database = (HikariDataSource) EmptyDatabase.of(JdbcDatabase.POSTGRESQL, directory);
    JdbcStorage.postgresql(database).migrate();
  }

  private void startTwoSenders() {
    for (int i = 0; i < 2; i++) {
      WebhookSender sender = WebhookSender.builder(JdbcStorage.postgresql(database))
          .endpoints(EndpointPolicy.forDevelopment())
          .policy(DeliveryPolicy.builder()
              .retries(RetryPolicy.after())
              .pausing(PausePolicy.moreThan(2, Duration.ofHours(1)))
              .build())
          .listener(new SenderListener() {
            @Override
            public void onPaused(String webhookId, Pause pause, List<Attempt> failures) {
              pauses.add(new PauseCall(webhookId, pause, failures));
            }
          })
          .build();
      sender.start();
      senders.add(sender);
    }
  }

  @AfterEach
  void stop() {
    senders.forEach(WebhookSender::close);
    receivers.close();
    database.close();
  }

  @Test
  void outcomes_whileAWebhooksRowIsLocked_areWrittenAndOnlyItsPauseWaits() throws Exception {
    startTwoSenders();
    Webhook failing = receivers.webhook(senders.get(0), "failing");
    receivers.webhook(senders.get(0), "healthy");
    receivers.answer("failing", CountingEndpoints.answer(500, "no"));
    List<String> failed = new ArrayList<>();
    Instant released;
    try (Connection other = TestPostgres.locked(database, "klink_webhook", failing.id())) {
      for (int i = 0; i < LOCKED_ROUNDS; i++) {
        WebhookSender sender = senders.get(i % 2);
        if (i < 3) {
          failed.add(CountingEndpoints.publish(sender, "failing", "evt_failing_" + i));
        }
        String id = CountingEndpoints.publish(sender, "healthy", "evt_healthy_" + i);
        awaitState(id, DeliveryState.SUCCEEDED);
      }
      failed.forEach(id -> awaitState(id, DeliveryState.FAILED));
      assertThat(pauses).isEmpty();
      released = Instant.now();
      other.rollback();
    }

    // No further failure comes.
    await().atMost(Duration.ofSeconds(10)).until(() -> !pauses.isEmpty());
    Webhook paused = senders.get(0).webhooks().get(failing.id()).orElseThrow();
    assertThat(paused.isPaused()).isTrue();
    assertThat(paused.pause().orElseThrow().since()).isAfterOrEqualTo(released.minusMillis(1));
    assertThat(pauses).hasSize(1);
    assertThat(pauses.get(0).failures()).hasSize(3);
    assertThat(receivers.got("failing")).hasSize(3).doesNotHaveDuplicates();
    assertThat(receivers.got("healthy")).hasSize(LOCKED_ROUNDS).doesNotHaveDuplicates();
  }

  private void awaitState(String id, DeliveryState state) {
    await()
        .atMost(Duration.ofSeconds(5))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> senders.get(0).deliveries().find(id).orElseThrow().state() == state);
  }

  @Test
  void transaction_inWhichANodeFreezes_isEndedByTheDatabase() throws Exception {
    JdbcStorage frozen = JdbcStorage.postgresql(database);
    JdbcStorage other = JdbcStorage.postgresql(database);
    frozen.insert(JdbcTestData.webhook("w1"));
    JdbcTestData.publish(frozen, "e", 1);
    var claimed = JdbcTestData.claim(frozen, JdbcTestData.NOW, 1).deliveries().get(0);
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch thawed = new CountDownLatch(1);
    PausePolicy freezing = new PausePolicy() {
      @Override
      public Duration window() {
        return Duration.ofHours(1);
      }

      @Override
      public int sample() {
        return 1;
      }

      @Override
      public Optional<Pause> decide(List<Failure> failures, Instant now) {
        inside.countDown();
        await(thawed);
        return Optional.empty();
      }
    };
    CompletableFuture<Throwable> failure = CompletableFuture.supplyAsync(() -> {
      try {
        frozen.record(
            List.of(JdbcTestData.failure(claimed)), Map.of("w1", freezing), JdbcTestData.NOW);
        return new AssertionError("it was committed");
      } catch (StorageException e) {
        return e;
      }
    });
    assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();

    // Waits for the frozen node's lock.
    assertThat(other.delete("w1")).isTrue();

    thawed.countDown();
    assertThat(failure.get(10, TimeUnit.SECONDS))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("25P03");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static org.awaitility.core.ConditionFactory await() {
    return org.awaitility.Awaitility.await();
  }

  @Test
  void publish_inATransactionOfTheCallers_leavesItsSettingsAlone() throws SQLException {
    JdbcStorage storage = JdbcStorage.postgresql(database);
    DataSource callers = database;
    try (Connection connection = callers.getConnection()) {
      connection.setAutoCommit(false);
      String before = setting(connection);

      storage.publish(connection, JdbcTestData.events("e", 1), JdbcTestData::id);

      assertThat(setting(connection)).isEqualTo(before).isEqualTo("0");
      connection.rollback();
    }
  }

  private static String setting(Connection connection) throws SQLException {
    return Sql.query(
            connection, "SHOW idle_in_transaction_session_timeout", row -> row.getString(1))
        .get(0);
  }
}
