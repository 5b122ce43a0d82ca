package cloud.klink.webhooks.verifier.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.deduplication.JdbcProcessedEvents;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A handler whose work and whose mark are one transaction. */
class InboxHandlerTest {
  private static final byte[] EVENT = Fixtures.event("room.solved", "evt_1");

  private final JdbcDataSource database = new JdbcDataSource();
  private final JdbcProcessedEvents processed;

  InboxHandlerTest() {
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    processed = new JdbcProcessedEvents(database);
  }

  @BeforeEach
  void createTables() throws SQLException {
    processed.migrate();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE work (id VARCHAR(100))");
    }
  }

  private int workDone() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM work")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private interface End {
    void of(Connection connection) throws SQLException;
  }

  /** Works, marks the event, and ends the transaction in some way. */
  private WebhookReceiver receiver(End end) {
    return receiver(processed, end);
  }

  private WebhookReceiver receiver(ProcessedEvents events, End end) {
    return WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(InboxHandler.of((webhook, claim) -> {
          try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
              statement.execute(
                  "INSERT INTO work VALUES ('" + webhook.event().id().get() + "')");
            }
            claim.done(connection);
            end.of(connection);
          }
        }))
        .deduplicate(events)
        .build();
  }

  private static String deliver(WebhookReceiver receiver) {
    return receiver.receive(Fixtures.request(EVENT).build()).code();
  }

  @Test
  void transaction_thatIsCommitted_worksAndMarksOnce() throws SQLException {
    WebhookReceiver receiver = receiver(Connection::commit);
    assertThat(deliver(receiver)).isEqualTo("processed");
    assertThat(deliver(receiver)).isEqualTo("duplicate");
    assertThat(workDone()).isEqualTo(1);
  }

  @Test
  void crash_afterTheCommit_repeatsNothing() throws SQLException {
    WebhookReceiver crashing = receiver(connection -> {
      connection.commit();
      throw new IllegalStateException("the connection to the sender is lost, say");
    });
    assertThat(deliver(crashing)).isEqualTo("handler_failed");
    assertThat(deliver(receiver(Connection::commit))).isEqualTo("duplicate");
    assertThat(workDone()).isEqualTo(1);
  }

  @Test
  void transaction_thatIsRolledBack_isRepeated() throws SQLException {
    WebhookReceiver failing = receiver(connection -> {
      connection.rollback();
      throw new IllegalStateException("on purpose");
    });
    assertThat(deliver(failing)).isEqualTo("handler_failed");
    assertThat(workDone()).isZero();
    assertThat(deliver(receiver(Connection::commit))).isEqualTo("processed");
    assertThat(workDone()).isEqualTo(1);
  }

  @Test
  void handler_thatMarksNothing_isMarkedByTheReceiver() {
    WebhookReceiver receiver = WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(InboxHandler.of((webhook, claim) -> {}))
        .deduplicate(processed)
        .build();
    assertThat(deliver(receiver)).isEqualTo("processed");
    assertThat(deliver(receiver)).isEqualTo("duplicate");
  }

  @Test
  void receiver_withoutAMemoryInADatabase_isNotBuilt() {
    assertThatThrownBy(() -> receiver(ProcessedEvents.inMemory(), Connection::commit))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("deduplicate")
        .hasMessageContaining("JdbcProcessedEvents");
  }
}
