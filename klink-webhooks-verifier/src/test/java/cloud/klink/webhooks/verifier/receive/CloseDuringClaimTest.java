package cloud.klink.webhooks.verifier.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.deduplication.JdbcProcessedEvents;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A receiver that is closed while it waits for the database. */
class CloseDuringClaimTest {
  private static final byte[] EVENT = Fixtures.event("room.solved", "closing");

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> handled = new CopyOnWriteArrayList<>();
  private EmbeddedPostgres server;
  private DataSource database;

  @BeforeEach
  void start() throws IOException {
    server = EmbeddedPostgres.start();
    database = server.getPostgresDatabase();
    new JdbcProcessedEvents(database).migrate();
  }

  @AfterEach
  void stop() throws IOException {
    threads.shutdownNow();
    server.close();
  }

  private WebhookReceiver receiver(UnaryOperator<WebhookReceiverBuilder> settings) {
    return settings
        .apply(WebhookReceiver.builder(Fixtures.verifier().build())
            .otherwise(webhook -> handled.add("handled"))
            .deduplicate(JdbcProcessedEvents.builder(database)
                .statementTimeout(Duration.ofMinutes(1))
                .build()))
        .build();
  }

  @Test
  void close_whileAnEventIsClaimed_handlesItLaterElsewhere() throws Exception {
    assertLeftToOthers(receiver(builder -> builder));
  }

  @Test
  void close_whileAnEventIsClaimedThatWouldBeAcknowledged_handlesItLaterElsewhere()
      throws Exception {
    assertLeftToOthers(receiver(builder ->
        builder.acknowledgeFirst().onFailure((webhook, failure) -> handled.add("failed"))));
  }

  private void assertLeftToOthers(WebhookReceiver receiver) throws Exception {
    CompletableFuture<ReceiverResponse> response;
    try (Connection other = database.getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE klink_processed_events IN ACCESS EXCLUSIVE MODE");
      response = receiver.receiveAsync(Fixtures.request(EVENT).build(), threads);
      await().until(this::isClaiming);
      assertThat(receiver.close(Duration.ZERO)).isEmpty();
      other.rollback();
    }
    assertThat(response.get(30, TimeUnit.SECONDS).code()).isEqualTo("overloaded");
    assertThat(handled).isEmpty();

    assertThat(receiver(builder -> builder)
            .receive(Fixtures.request(EVENT).build())
            .code())
        .isEqualTo("processed");
    assertThat(handled).containsExactly("handled");
  }

  private boolean isClaiming() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")) {
      row.next();
      return row.getInt(1) > 0;
    }
  }
}
