package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.AttemptStatistics;
import cloud.klink.webhooks.sender.delivery.CountQuery;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that somebody has deleted or changed by hand: they harm nothing but themselves. */
class DamagedRowsTest {
  @TempDir
  Path directory;

  /** An empty database that some webhooks were added to. */
  private record Database(DataSource source, JdbcStorage storage) {
    void execute(String sql) throws SQLException {
      TestPostgres.execute(source, sql);
    }
  }

  private Database database(JdbcDatabase kind, String... webhooks) throws SQLException {
    DataSource source = EmptyDatabase.of(kind, directory);
    JdbcStorage storage = EmptyDatabase.storage(kind, source);
    storage.migrate();
    for (String id : webhooks) {
      storage.insert(JdbcTestData.webhook(id));
    }
    return new Database(source, storage);
  }

  private static void publishAndFail(JdbcStorage storage, int events) {
    JdbcTestData.publish(storage, "e", events);
    storage.record(
        JdbcTestData.claim(storage, JdbcTestData.NOW, 9).deliveries().stream()
            .map(JdbcTestData::failure)
            .toList(),
        Map.of(),
        JdbcTestData.NOW);
  }

  @ParameterizedTest
  @EnumSource
  void deliveries_whoseEventsAreGone_doNotStandInTheWayOfOthers(JdbcDatabase kind)
      throws SQLException {
    Database database = database(kind, "w1");
    JdbcStorage storage = database.storage();
    JdbcTestData.publish(storage, "gone", 3);
    database.execute("DELETE FROM klink_event");
    JdbcTestData.publish(storage, "there", 1);

    List<ClaimedDelivery> claimed = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      claimed.addAll(JdbcTestData.claim(storage, JdbcTestData.NOW, 1).deliveries());
    }

    assertThat(claimed)
        .singleElement()
        .satisfies(delivery -> assertThat(delivery.eventId()).startsWith("there"));
  }

  @ParameterizedTest
  @EnumSource
  void damagedRows_everywhere_harmOnlyThemselves(JdbcDatabase kind) throws SQLException {
    Database database = database(kind, "w1", "w2");
    JdbcStorage storage = database.storage();
    JdbcTestData.publish(storage, "e", 3);
    String damaged = storage
        .search(DeliveryQuery.builder().webhook("w2").limit(9).build())
        .deliveries()
        .get(0)
        .id();
    database.execute("UPDATE klink_webhook SET method = 'pigeon' WHERE id = 'w1'");
    database.execute("UPDATE klink_delivery SET state = 77 WHERE id = '" + damaged + "'");
    database.execute("DELETE FROM klink_event WHERE event_id = 'e0'");

    assertThat(storage.find(List.of("w1", "w2"))).containsOnlyKeys("w2");
    assertThat(storage.list(Environment.PRODUCTION, "", 9)).hasSize(1);
    assertCorrupt(() -> storage.find(List.of("w1")));
    assertThat(storage
            .search(DeliveryQuery.builder().webhook("w2").limit(9).build())
            .deliveries())
        .hasSize(2);
    assertCorrupt(() -> storage.delivery(damaged));
    assertThat(JdbcTestData.claim(storage, JdbcTestData.NOW, 100).deliveries())
        .extracting(claimed -> claimed.webhookId() + claimed.eventId())
        .containsExactlyInAnyOrder("w1e1", "w1e2", "w2e1");
    assertThat(storage.body(Environment.PRODUCTION, "e0")).isEqualTo(Optional.empty());
    assertThat(storage.record(List.of(), Map.of(), JdbcTestData.NOW).stale()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void statistics_thatAreDamaged_areLeftOut(JdbcDatabase kind) throws SQLException {
    Database database = database(kind, "w1", "w2");
    JdbcStorage storage = database.storage();
    publishAndFail(storage, 1);
    database.execute("UPDATE klink_statistics SET s5 = -1 WHERE webhook_id = 'w1'");

    assertThat(storage.statistics(statistics("w1"))).isEmpty();
    assertThat(storage.statistics(statistics("w2")))
        .extracting(AttemptStatistics::failures)
        .containsExactly(1L);
  }

  @ParameterizedTest
  @EnumSource
  void statuses_thatAreDamaged_areLeftOut(JdbcDatabase kind) throws SQLException {
    Database database = database(kind, "w1", "w2", "w3");
    JdbcStorage storage = database.storage();
    publishAndFail(storage, 1);
    database.execute("UPDATE klink_status SET attempts = -1 WHERE webhook_id = 'w1'");
    database.execute("UPDATE klink_status SET status = 600 WHERE webhook_id = 'w2'");

    for (String id : List.of("w1", "w2")) {
      assertThat(storage.statistics(statistics(id))).hasSize(1).allSatisfy(sum -> {
        assertThat(sum.failures()).isEqualTo(1);
        assertThat(sum.statuses()).isEmpty();
      });
    }
    assertThat(storage.statistics(statistics("w3")))
        .extracting(AttemptStatistics::statuses)
        .containsExactly(new TreeMap<>(Map.of(500, 1L)));
  }

  private static CountQuery statistics(String webhookId) {
    Duration day = Duration.ofDays(1);
    Instant end = JdbcTestData.NOW.truncatedTo(ChronoUnit.DAYS).plus(day);
    return new CountQuery(Environment.PRODUCTION, Optional.of(webhookId), end.minus(day), end, day);
  }

  @ParameterizedTest
  @EnumSource
  void redeliver_whereTheEventIsGone_changesNothingAndSaysSo(JdbcDatabase kind)
      throws SQLException {
    Database database = database(kind, "w1");
    JdbcStorage storage = database.storage();
    publishAndFail(storage, 2);
    List<String> ids = storage.failures("w1", Instant.EPOCH, Instant.MAX, 9).stream()
        .map(failed -> failed.deliveryId())
        .sorted()
        .toList();
    database.execute("DELETE FROM klink_event WHERE event_id = 'e0'");

    try (WebhookSender sender = WebhookSender.builder(storage).build()) {
      String gone = ids.stream()
          .filter(id -> eventOf(storage, id).equals("e0"))
          .findFirst()
          .orElseThrow();
      assertThatThrownBy(() -> sender.redeliver(gone))
          .isInstanceOfSatisfying(
              NotFoundException.class,
              e -> assertThat(e.reason()).isEqualTo(SenderReason.EVENT_GONE));
      assertThat(storage.delivery(gone).map(Delivery::redeliveredAs).orElseThrow())
          .isEmpty();
      assertThat(sender.redeliverFailed("w1", Instant.EPOCH)).isEqualTo(1);
    }
  }

  private static String eventOf(JdbcStorage storage, String id) {
    return storage.delivery(id).orElseThrow().eventId();
  }

  private static void assertCorrupt(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StorageException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.STORAGE_CORRUPT));
  }
}
