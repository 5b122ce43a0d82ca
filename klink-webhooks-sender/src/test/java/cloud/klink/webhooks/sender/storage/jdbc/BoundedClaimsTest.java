package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The contract once full looks were slow, so that claims look at active webhooks from bounds on.
 */
class BoundedClaimsTest extends PostgresStorageTest {
  private Storage storage;

  @BeforeEach
  void slow() {
    storage = slow(new AtomicLong());
  }

  private static Storage slow(AtomicLong clock) {
    PostgresDialect dialect =
        new PostgresDialect(() -> clock.getAndAdd(Duration.ofMillis(60).toNanos()));
    JdbcStorage storage = new JdbcStorage(
        TestPostgres.sender(), dialect, new ConnectionRules(ConnectionRules.TIMEOUT, false));
    for (int i = 0; i < 4; i++) {
      JdbcTestData.claim(storage, Instant.EPOCH, 1);
    }
    return storage;
  }

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  @Test
  public void claim_nextDue_countsLeasesAndWhatIsDueLater() {
    assertAsksAgainSoon();
  }

  @Override
  @Test
  public void claim_nothing_givesNothing() {
    assertAsksAgainSoon();
  }

  @Override
  @Test
  public void claim_finished_isNotGiven() {
    assertAsksAgainSoon();
  }

  @Override
  @Test
  public void claim_nextDue_isTheEarliestOfActiveWebhooks() {
    assertAsksAgainSoon();
  }

  @Override
  @Test
  public void claim_leftBecauseOfALimit_isNoNextDue() {
    assertAsksAgainSoon();
  }

  /** A bounded look goes one second ahead, so the node is to ask again then. */
  private void assertAsksAgainSoon() {
    storage.insert(JdbcTestData.webhook("w1"));
    JdbcTestData.publish(storage, "e", 3);
    Claims nothing = JdbcTestData.claim(storage, JdbcTestData.NOW.minusSeconds(3), 9);
    assertThat(nothing.deliveries()).isEmpty();
    assertThat(nothing.nextDue()).contains(JdbcTestData.NOW.minusSeconds(2));
    Claims soon = JdbcTestData.claim(storage, JdbcTestData.NOW.minusMillis(1), 9);
    assertThat(soon.nextDue()).contains(JdbcTestData.NOW);
    Claims all = JdbcTestData.claim(storage, JdbcTestData.NOW, 9);
    assertThat(all.deliveries()).hasSize(3);
    assertThat(all.nextDue()).contains(JdbcTestData.NOW.plusSeconds(1));
  }
}
