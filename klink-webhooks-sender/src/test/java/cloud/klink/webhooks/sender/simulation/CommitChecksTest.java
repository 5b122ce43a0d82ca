package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.storage.InterceptedStorage;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.jdbc.JdbcStorage;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a sender looks whether a transaction of the user's is committed. */
class CommitChecksTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final JdbcDataSource database = new JdbcDataSource();
  private final List<Instant> checks = new ArrayList<>();
  private SenderFixture fixture;

  @BeforeEach
  void start() {
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    JdbcStorage storage = JdbcStorage.h2(database);
    storage.migrate();
    Storage watched = InterceptedStorage.of(storage, call -> {
      if (call.is("committed")) {
        checks.add(fixture.now());
      }
      return call.proceed();
    });
    fixture = new SenderFixture(watched, builder -> builder);
  }

  @Test
  void commit_thatNothingAnnounces_isLookedForAfterAMillisecondAndThenAtGrowingIntervals()
      throws SQLException {
    assertThat(millisUntilChecks(Duration.ofMillis(20), false))
        .containsExactly(1L, 3L, 7L, 15L, 31L);
  }

  @Test
  void commit_ifTheLastWasAnnounced_isLookedForOnlyWhenItIsAnnouncedItself() throws SQLException {
    millisUntilChecks(Duration.ZERO, true);

    assertThat(millisUntilChecks(Duration.ofMillis(5), true)).containsExactly(5L);
  }

  @Test
  void commit_ifOnlyTheLastWasAnnounced_isFoundWithinTenMillisecondsAndTheNextSooner()
      throws SQLException {
    millisUntilChecks(Duration.ZERO, true);

    assertThat(millisUntilChecks(Duration.ZERO, false)).containsExactly(10L);
    assertThat(millisUntilChecks(Duration.ZERO, false)).containsExactly(1L);
  }

  /**
   * Publishes in a transaction that is open for a time.
   *
   * @return after how many milliseconds it was looked for, until it was found
   */
  private List<Long> millisUntilChecks(Duration open, boolean isAnnounced) throws SQLException {
    checks.clear();
    Instant begin = fixture.now();
    int sent = fixture.requests.size();
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      Event event = Event.builder(EventName.CONTACT_CREATED).timestamp(begin).build();
      fixture.sender.publish(connection, Environment.PRODUCTION, event);
      fixture.pass(open);
      connection.commit();
    }
    if (isAnnounced) {
      fixture.sender.wakeUp();
    }
    fixture.pass(SECOND);
    assertThat(fixture.requests).hasSize(sent + 1);
    return checks.stream()
        .map(check -> Duration.between(begin, check).toMillis())
        .toList();
  }
}
