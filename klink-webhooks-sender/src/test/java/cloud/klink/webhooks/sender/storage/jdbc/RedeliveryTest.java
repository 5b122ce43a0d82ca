package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.sender.RedeliveryException;
import cloud.klink.webhooks.sender.RedeliveryReason;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Delivery;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A delivery whose event somebody has deleted by hand. */
class RedeliveryTest {
  @ParameterizedTest
  @EnumSource
  void redeliver_whereTheEventIsGone_changesNothingAndSaysSo(
      JdbcDatabase kind, @TempDir Path directory) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    JdbcStorage storage = EmptyDatabase.storage(kind, database);
    storage.migrate();
    storage.insert(Given.webhook("w1"));
    Given.publish(storage, "e", 2);
    storage.record(
        Given.claim(storage, Given.NOW, 9).deliveries().stream()
            .map(Given::failure)
            .toList(),
        Map.of(),
        Given.NOW);
    List<String> ids = storage.failures("w1", Instant.EPOCH, 9).stream()
        .map(failed -> failed.deliveryId())
        .sorted()
        .toList();
    TestPostgres.execute(database, "DELETE FROM klink_event WHERE event_id = 'e0'");

    try (WebhookSender sender = WebhookSender.builder(storage).build()) {
      String gone = ids.stream()
          .filter(id -> eventOf(storage, id).equals("e0"))
          .findFirst()
          .orElseThrow();
      assertThatThrownBy(() -> sender.redeliver(gone))
          .isInstanceOfSatisfying(
              RedeliveryException.class,
              e -> assertThat(e.reason()).isEqualTo(RedeliveryReason.EVENT_GONE));
      assertThat(storage.delivery(gone).map(Delivery::redeliveredAs).orElseThrow())
          .isEmpty();
      assertThat(sender.redeliverFailed("w1", Instant.EPOCH)).isEqualTo(1);
    }
  }

  private static String eventOf(JdbcStorage storage, String id) {
    return storage.delivery(id).orElseThrow().eventId();
  }
}
