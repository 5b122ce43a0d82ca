package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.Count;
import cloud.klink.webhooks.sender.delivery.CountQuery;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryPage;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What searching and counting do with much and with damaged rows. */
class JdbcSearchTest {
  @TempDir
  private Path directory;

  @ParameterizedTest
  @EnumSource
  void search_ofWhatIsNotThere_stopsAtItsBoundAndGoesOn(JdbcDatabase kind) throws SQLException {
    JdbcStorage storage = storage(kind, EmptyDatabase.of(kind, directory));
    JdbcTestData.publish(storage, "e", DeliveryQuery.MAX_EXAMINED + 1);
    for (DeliveryQuery query : List.of(
        DeliveryQuery.builder().state(DeliveryState.CANCELLED).build(),
        DeliveryQuery.builder().webhook("w1").state(DeliveryState.CANCELLED).build())) {
      DeliveryPage first = storage.search(query);
      DeliveryPage second =
          storage.search(query.toBuilder().after(first.next().orElseThrow()).build());

      assertThat(first.deliveries()).isEmpty();
      assertThat(second).isEqualTo(DeliveryPage.of(List.of(), Optional.empty()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void search_damagedRows_areLeftOutAndGoneOnBehind(JdbcDatabase kind) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    JdbcStorage storage = storage(kind, database);
    JdbcTestData.publish(storage, "e", 10);
    damage(database, "state = 77", "e9", "e8", "e5");
    damage(database, "status_class = 7", "e4");
    damage(database, "last_outcome = 99, status_class = 0, last_preview = ''", "e2");
    DeliveryQuery query = DeliveryQuery.builder().limit(2).build();

    DeliveryPage first = storage.search(query);
    DeliveryPage second =
        storage.search(query.toBuilder().after(first.next().orElseThrow()).build());
    DeliveryPage all = storage.search(query.toBuilder().limit(10).build());

    assertThat(first.deliveries()).isEmpty();
    assertThat(second.deliveries()).extracting(Delivery::eventId).containsExactly("e7", "e6");
    assertThat(all.deliveries())
        .extracting(Delivery::eventId)
        .containsExactly("e7", "e6", "e4", "e3", "e1", "e0");
    assertThat(all.next()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void count_damagedRows_areLeftOut(JdbcDatabase kind) throws SQLException {
    DataSource database = EmptyDatabase.of(kind, directory);
    JdbcStorage storage = storage(kind, database);
    JdbcTestData.publish(storage, "e", 10);
    damage(database, "state = 77", "e9", "e8");
    damage(database, "status_class = 7", "e4");

    assertThat(storage.count(new CountQuery(
            Environment.PRODUCTION,
            Optional.of("w1"),
            JdbcTestData.NOW,
            JdbcTestData.NOW.plusSeconds(1),
            Duration.ofSeconds(1))))
        .containsExactly(new Count(JdbcTestData.NOW, DeliveryState.WAITING, Optional.empty(), 7));
  }

  private static JdbcStorage storage(JdbcDatabase kind, DataSource database) {
    JdbcStorage storage = EmptyDatabase.storage(kind, database);
    storage.migrate();
    storage.insert(JdbcTestData.webhook("w1"));
    return storage;
  }

  private static void damage(DataSource database, String change, String... events)
      throws SQLException {
    for (String event : events) {
      TestPostgres.execute(
          database, "UPDATE klink_delivery SET " + change + " WHERE event_id = '" + event + "'");
    }
  }
}
