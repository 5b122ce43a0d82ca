package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.Recorded;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes, each with a pool of its own, on one PostgreSQL. */
class SeveralNodesTest {
  private static final int COUNT = 3_000;

  private final List<HikariDataSource> pools = new ArrayList<>();
  private final List<JdbcStorage> nodes = new ArrayList<>();

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    HikariDataSource first =
        (HikariDataSource) EmptyDatabase.of(JdbcDatabase.POSTGRESQL, directory);
    JdbcStorage.postgresql(first).migrate();
    pools.add(first);
    String database = first.getConnection().getCatalog();
    for (int i = 1; i < 3; i++) {
      pools.add(TestPostgres.pool("postgres", database));
    }
    pools.forEach(pool -> nodes.add(JdbcStorage.postgresql(pool)));
    for (String id : List.of("w1", "w2", "w3", "w4")) {
      nodes.get(0).insert(JdbcTestData.webhook(id));
    }
  }

  @AfterEach
  void stop() {
    pools.forEach(HikariDataSource::close);
  }

  @Test
  void threeNodes_allAlive_shareTheWorkWithoutADuplicate() throws Exception {
    JdbcTestData.publish(nodes.get(0), "e", COUNT / 4);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Callable<List<String>>> work = new ArrayList<>();
    for (JdbcStorage node : nodes) {
      work.add(() -> deliverAll(node));
    }

    List<String> delivered = new ArrayList<>();
    try {
      for (Future<List<String>> each : threads.invokeAll(work)) {
        assertThat(each.get()).isNotEmpty();
        delivered.addAll(each.get());
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(delivered).hasSize(COUNT).doesNotHaveDuplicates();
    assertThat(nodes
            .get(1)
            .search(DeliveryQuery.builder().webhook("w4").limit(COUNT / 4).build())
            .deliveries())
        .hasSize(COUNT / 4)
        .allMatch(delivery -> delivery.state() == DeliveryState.SUCCEEDED)
        .extracting(Delivery::attempts)
        .containsOnly(1);
  }

  /** Claims and records until nothing waits, not even what others have leased. */
  private static List<String> deliverAll(JdbcStorage node) {
    List<String> delivered = new ArrayList<>();
    Claims claims;
    do {
      claims = JdbcTestData.claim(node, JdbcTestData.NOW, 40);
      Recorded recorded = node.record(
          claims.deliveries().stream().map(JdbcTestData::success).toList(),
          Map.of(),
          JdbcTestData.NOW);
      assertThat(recorded.stale()).isEmpty();
      claims.deliveries().forEach(delivery -> delivered.add(delivery.deliveryId()));
    } while (!claims.deliveries().isEmpty() || claims.nextDue().isPresent());
    return delivered;
  }

  @Test
  void aNode_thatSleptThroughItsLeases_isTakenOverAndChangesNothingLater() {
    JdbcTestData.publish(nodes.get(0), "e", 10);
    List<ClaimedDelivery> slept =
        JdbcTestData.claim(nodes.get(0), JdbcTestData.NOW, 100).deliveries();
    Instant later = JdbcTestData.NOW.plusSeconds(60);

    List<ClaimedDelivery> taken = JdbcTestData.claim(nodes.get(1), later, 100).deliveries();
    nodes.get(1).record(taken.stream().map(JdbcTestData::success).toList(), Map.of(), later);
    Recorded late =
        nodes.get(0).record(slept.stream().map(JdbcTestData::success).toList(), Map.of(), later);

    assertThat(slept).hasSize(40);
    assertThat(taken).hasSize(40);
    assertThat(late.stale()).hasSize(40);
    assertThat(nodes
            .get(2)
            .search(DeliveryQuery.builder().webhook("w1").limit(100).build())
            .deliveries())
        .hasSize(10)
        .extracting(Delivery::attempts)
        .containsOnly(1);
  }
}
