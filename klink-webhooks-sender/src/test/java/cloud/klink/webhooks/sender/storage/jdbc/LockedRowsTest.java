package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.AttemptStatistics;
import cloud.klink.webhooks.sender.delivery.CountQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.health.HealthStatus;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Recorded;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL, where another session has locked rows that outcomes change. */
class LockedRowsTest {
  private static final int ROUNDS = 20;

  private final CountingEndpoints receivers = new CountingEndpoints();
  private HikariDataSource database;
  private WebhookSender sender;
  private int published;

  @BeforeEach
  void start(@TempDir Path directory) throws SQLException {
    database = (HikariDataSource) EmptyDatabase.of(JdbcDatabase.POSTGRESQL, directory);
    JdbcStorage storage = JdbcStorage.postgresql(database);
    storage.migrate();
    sender = WebhookSender.builder(storage)
        .endpoints(EndpointPolicy.forDevelopment())
        .build();
    sender.start();
  }

  @AfterEach
  void stop() {
    sender.close();
    receivers.close();
    database.close();
  }

  @Test
  void outcomes_whileADeliverysRowIsLocked_areWrittenAndOnlyItsOwnWaits() throws Exception {
    receivers.webhook(sender, "locked");
    receivers.webhook(sender, "healthy");
    receivers.answer(
        "locked",
        new MockResponse.Builder().code(200).headersDelay(1, TimeUnit.SECONDS).build());
    String locked = CountingEndpoints.publish(sender, "locked", "evt_locked");
    await().until(() -> receivers.got("locked").size() == 1);
    try (Connection other = TestPostgres.locked(database, "klink_delivery", locked)) {
      while (sender.health().outcomesSetAside() == 0) {
        deliverHealthy();
      }
      for (int i = 0; i < ROUNDS; i++) {
        deliverHealthy();
      }
      assertThat(sender.health().status()).isEqualTo(HealthStatus.DEGRADED);
      assertThat(sender.health().problems()).anyMatch(problem -> problem.contains("locked"));
      other.rollback();
    }
    awaitState(locked, DeliveryState.SUCCEEDED, Duration.ofSeconds(20));
    await().until(() -> sender.health().outcomesSetAside() == 0);
    assertThat(receivers.got("locked")).hasSize(1);
    assertThat(receivers.got("healthy")).hasSize(published).doesNotHaveDuplicates();
  }

  @Test
  void outcomes_whileTheStatisticsAreLocked_areWrittenAndCounted() throws SQLException {
    receivers.webhook(sender, "healthy");
    receivers.answer("healthy", CountingEndpoints.answer(202, ""));
    Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS);
    deliverHealthy();
    try (Connection other = database.getConnection()) {
      other.setAutoCommit(false);
      for (String table : List.of("klink_statistics", "klink_status")) {
        Sql.query(other, "SELECT slot FROM " + table + " FOR UPDATE", row -> row.getInt(1));
      }
      for (int i = 0; i < ROUNDS; i++) {
        deliverHealthy();
      }
      other.rollback();
    }
    assertThat(sender.health().outcomesSetAside()).isZero();
    assertThat(sender
            .deliveries()
            .statistics(new CountQuery(
                Environment.PRODUCTION,
                Optional.empty(),
                start,
                start.plus(Duration.ofDays(2)),
                Duration.ofDays(2))))
        .extracting(AttemptStatistics::attempts)
        .containsExactly((long) published);
  }

  @Test
  void recordAndRelease_ofLockedDeliveries_leaveThemAsTheyAre() throws SQLException {
    sender.stop(Duration.ZERO).toCompletableFuture().join();
    JdbcStorage storage = JdbcStorage.postgresql(database);
    storage.insert(JdbcTestData.webhook("w1"));
    JdbcTestData.publish(storage, "e", 4);
    List<ClaimedDelivery> claimed =
        JdbcTestData.claim(storage, JdbcTestData.NOW, 4).deliveries();
    String gone = claimed.get(3).deliveryId();
    TestPostgres.execute(database, "DELETE FROM klink_delivery WHERE id = '" + gone + "'");
    Lease locked = claimed.get(0).lease();
    try (Connection other = TestPostgres.locked(database, "klink_delivery", locked.deliveryId())) {
      Recorded recorded = storage.record(
          List.of(
              JdbcTestData.failure(claimed.get(0)),
              JdbcTestData.failure(claimed.get(1)),
              JdbcTestData.failure(claimed.get(3))),
          Map.of(),
          JdbcTestData.NOW);
      storage.release(Map.of(
          locked, JdbcTestData.NOW.plusSeconds(9), claimed.get(2).lease(), JdbcTestData.NOW));

      assertThat(recorded.lockedDeliveries()).containsExactly(locked);
      assertThat(recorded.missing()).containsExactly(claimed.get(3).lease());
      assertThat(storage.delivery(claimed.get(1).deliveryId()).orElseThrow().state())
          .isEqualTo(DeliveryState.FAILED);
      assertThat(storage.delivery(locked.deliveryId()).orElseThrow().attempts()).isZero();
      other.rollback();
    }
    assertThat(JdbcTestData.claim(storage, JdbcTestData.NOW, 3).deliveries())
        .extracting(ClaimedDelivery::deliveryId)
        .containsExactly(claimed.get(2).deliveryId());
    Recorded again =
        storage.record(List.of(JdbcTestData.failure(claimed.get(0))), Map.of(), JdbcTestData.NOW);
    assertThat(again).isEqualTo(new Recorded(Set.of(), Map.of()));
    assertThat(storage.delivery(locked.deliveryId()).orElseThrow().state())
        .isEqualTo(DeliveryState.FAILED);
  }

  private void deliverHealthy() {
    String id = CountingEndpoints.publish(sender, "healthy", "evt_healthy_" + published++);
    awaitState(id, DeliveryState.SUCCEEDED, Duration.ofSeconds(3));
  }

  private void awaitState(String id, DeliveryState state, Duration patience) {
    await()
        .atMost(patience)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> sender.deliveries().find(id).orElseThrow().state() == state);
  }
}
