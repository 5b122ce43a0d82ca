package cloud.klink.webhooks.verifier.deduplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What the JDBC memory must do in every database. */
abstract class JdbcProcessedEventsContract extends ProcessedEventsContract {
  private static final Instant NOW = Instant.parse("2026-01-09T03:42:38Z");

  /** The same database at each call, without the table at the first. */
  protected abstract DataSource database();

  @Override
  protected JdbcProcessedEvents memory() {
    JdbcProcessedEvents memory = node();
    memory.migrate();
    return memory;
  }

  @Override
  protected ProcessedEvents otherNode(ProcessedEvents memory) {
    return node();
  }

  /** On a busy machine, sixteen threads wait for a lock of SQLite's for longer than 5 seconds. */
  private JdbcProcessedEvents node() {
    return JdbcProcessedEvents.builder(database())
        .statementTimeout(Duration.ofMinutes(2))
        .build();
  }

  private static void process(ProcessedEvents memory, String key, Instant now) {
    assertThat(memory.done(memory.claim(key, now, now.plusSeconds(25)), now)).isTrue();
  }

  private static ClaimState state(ProcessedEvents memory, String key, Instant now) {
    return ClaimState.of(memory.claim(key, now, now.plusSeconds(25)));
  }

  @Test
  void migrate_again_keepsWhatIsThere() {
    JdbcProcessedEvents memory = memory();
    process(memory, "evt_1", NOW);
    memory.migrate();
    assertThat(state(memory, "evt_1", NOW)).isEqualTo(ClaimState.DONE);
  }

  @Test
  void migrate_byManyNodesAtOnce_succeedsInEach() throws Exception {
    int nodes = 8;
    ExecutorService threads = Executors.newFixedThreadPool(nodes);
    try {
      for (int round = 0; round < 5; round++) {
        try (Connection connection = database().getConnection();
            Statement statement = connection.createStatement()) {
          if (round > 0) {
            statement.execute("DROP TABLE klink_processed_events");
          }
        }
        CyclicBarrier start = new CyclicBarrier(nodes);
        List<Callable<ClaimState>> all = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
          all.add(() -> {
            start.await();
            return state(memory(), "evt_1", NOW);
          });
        }
        List<ClaimState> states = new ArrayList<>();
        for (Future<ClaimState> state : threads.invokeAll(all)) {
          states.add(state.get());
        }
        assertThat(states).containsOnlyOnce(ClaimState.NEW).hasSize(nodes);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void purge_ofOldEvents_keepsTheYoung() {
    JdbcProcessedEvents memory = memory();
    process(memory, "done_old", NOW.minusSeconds(100));
    process(memory, "done_young", NOW);
    state(memory, "abandoned", NOW.minusSeconds(100));
    state(memory, "in_progress", NOW);
    assertThat(memory.purge(NOW)).isEqualTo(2);
    assertThat(state(memory, "done_young", NOW)).isEqualTo(ClaimState.DONE);
    assertThat(state(memory, "in_progress", NOW)).isEqualTo(ClaimState.IN_PROGRESS);
    assertThat(state(memory, "done_old", NOW)).isEqualTo(ClaimState.NEW);
    assertThat(state(memory, "abandoned", NOW)).isEqualTo(ClaimState.NEW);
  }

  @Test
  void purge_ofMoreThanABatch_takesThemAll() throws SQLException {
    JdbcProcessedEvents memory = memory();
    int events = JdbcProcessedEvents.PURGE_BATCH * 2 + 1;
    try (Connection connection = database().getConnection()) {
      connection.setAutoCommit(false);
      try (var insert = connection.prepareStatement(
          "INSERT INTO klink_processed_events (event_key, event_name, token, lease_until, done_at)"
              + " VALUES (?, 'n', 't', 0, ?)")) {
        for (int i = 0; i < events; i++) {
          insert.setString(1, "evt_" + i);
          insert.setLong(2, i / 2);
          insert.addBatch();
        }
        insert.executeBatch();
      }
      connection.commit();
    }
    assertThat(memory.purge(NOW)).isEqualTo(events);
    assertThat(memory.purge(NOW)).isZero();
  }

  @Test
  void migrate_always_leavesNothingBehind() throws SQLException {
    memory();
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM klink_processed_events")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isZero();
    }
  }

  @Test
  void keys_thatACollationTakesForOne_areToldApart() {
    JdbcProcessedEvents memory = memory();
    for (String key : List.of("a", "A", "a ", "a  ", "evt-1", "EVT-1")) {
      process(memory, key, NOW);
    }
    assertThat(state(memory, "evt-1 ", NOW)).isEqualTo(ClaimState.NEW);
    assertThat(state(memory, "a", NOW)).isEqualTo(ClaimState.DONE);
  }

  @Test
  void connections_withoutAutoCommit_areRefusedBeforeAnyStatement() throws SQLException {
    memory();
    try (Connection single = database().getConnection()) {
      single.setAutoCommit(false);
      try (Statement statement = single.createStatement()) {
        statement.executeUpdate("INSERT INTO klink_processed_events"
            + " (event_key, event_name, token, lease_until) VALUES ('callers', 'c', 't', 0)");
      }
      JdbcProcessedEvents memory = new JdbcProcessedEvents(new OneConnection(single));
      assertThatThrownBy(() -> state(memory, "evt_1", NOW))
          .isInstanceOf(ProcessedEventsException.class)
          .hasMessageContaining("auto-commit off")
          .hasMessageContaining("autoCommitOff()");
      single.rollback();
    }
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM klink_processed_events")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isZero();
    }
  }

  @Test
  void connections_ofAPoolThatTurnsAutoCommitOff_areCommitted() throws SQLException {
    memory();
    try (Connection single = database().getConnection()) {
      single.setAutoCommit(false);
      JdbcProcessedEvents memory =
          JdbcProcessedEvents.builder(new OneConnection(single)).autoCommitOff().build();
      memory.migrate();
      process(memory, "evt_1", NOW);
      Claim second = memory.claim("evt_2", NOW, NOW.plusSeconds(25));
      assertThat(memory.renew(second, NOW.plusSeconds(30))).isTrue();
      assertThat(memory.release(second)).isTrue();
      assertThat(single.getAutoCommit()).isFalse();
      assertThat(state(otherNode(memory), "evt_1", NOW)).isEqualTo(ClaimState.DONE);
      assertThat(state(otherNode(memory), "evt_2", NOW)).isEqualTo(ClaimState.NEW);
    }
  }

  @Test
  void connections_withAutoCommitOfAPoolThatIsSaidToTurnItOff_areRefused() {
    memory();
    JdbcProcessedEvents memory =
        JdbcProcessedEvents.builder(database()).autoCommitOff().build();
    assertThatThrownBy(() -> state(memory, "evt_1", NOW))
        .isInstanceOf(ProcessedEventsException.class)
        .hasMessageContaining("autoCommitOff");
  }

  @Test
  void done_inATransactionOfTheCallers_countsWhenItIsCommitted() throws SQLException {
    JdbcProcessedEvents memory = memory();
    Claim first = memory.claim("evt_1", NOW, NOW.plusSeconds(25));
    Claim second = memory.claim("evt_2", NOW, NOW.plusSeconds(25));
    try (Connection connection = database().getConnection()) {
      connection.setAutoCommit(false);
      assertThat(memory.done(connection, first, NOW)).isTrue();
      connection.commit();
      assertThat(memory.done(connection, second, NOW)).isTrue();
      connection.rollback();
      assertThat(memory.done(connection, first, NOW)).isFalse();
      connection.rollback();
    }
    assertThat(state(memory, "evt_1", NOW)).isEqualTo(ClaimState.DONE);
    assertThat(state(memory, "evt_2", NOW)).isEqualTo(ClaimState.IN_PROGRESS);
  }

  @Test
  void done_withAutoCommit_isRefused() throws SQLException {
    JdbcProcessedEvents memory = memory();
    Claim claim = memory.claim("evt_1", NOW, NOW.plusSeconds(25));
    try (Connection connection = database().getConnection()) {
      assertThatThrownBy(() -> memory.done(connection, claim, NOW))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("setAutoCommit(false)");
    }
    assertThat(state(memory, "evt_1", NOW)).isEqualTo(ClaimState.IN_PROGRESS);
  }

  @Test
  void failure_ofAStatement_isNotHiddenByTheClosedConnection() throws SQLException {
    JdbcProcessedEvents memory = memory();
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE klink_processed_events");
    }
    assertThatThrownBy(() -> state(memory, "evt_1", NOW))
        .isInstanceOf(ProcessedEventsException.class)
        .rootCause()
        .hasMessageContaining(" ")
        .asString()
        .containsIgnoringCase("klink_processed_events");
  }
}
