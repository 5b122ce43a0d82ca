package cloud.klink.webhooks.verifier.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.deduplication.JdbcProcessedEvents;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A PostgreSQL whose commits wait for a standby, which is not there. */
class SynchronousStandbyTest {
  private static final String WAITING = "FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
  private static final byte[] EVENT = Fixtures.event("room.solved", "standby");

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private EmbeddedPostgres server;
  private DataSource database;

  @BeforeEach
  void start() throws IOException {
    server =
        EmbeddedPostgres.builder().setServerConfig("synchronous_commit", "on").start();
    database = server.getPostgresDatabase();
    new JdbcProcessedEvents(database).migrate();
  }

  @AfterEach
  void stop() throws IOException {
    threads.shutdownNow();
    server.close();
  }

  private WebhookReceiver receiver(Duration statementTimeout) {
    return WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(InboxHandler.of((webhook, claim) -> {
          try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            claim.done(connection);
            standby("nobody");
            connection.commit();
          }
        }))
        .deduplicate(JdbcProcessedEvents.builder(database)
            .statementTimeout(statementTimeout)
            .build())
        .build();
  }

  /** The handler's commit is cut off while it waits for the standby. */
  private void receiveCutOff(WebhookReceiver receiver) throws Exception {
    Future<ReceiverResponse> first =
        threads.submit(() -> receiver.receive(Fixtures.request(EVENT).build()));
    await().until(() -> waiting() == 1);
    execute("SELECT pg_terminate_backend(pid) " + WAITING);
    assertThat(first.get(30, TimeUnit.SECONDS).reason()).contains(RefusalReason.HANDLER_FAILED);
  }

  @Test
  void repetition_ofAnEventWhoseCommitWasCut_isNoDuplicateBeforeTheStandbyHasIt() throws Exception {
    WebhookReceiver receiver = receiver(Duration.ofMinutes(1));
    receiveCutOff(receiver);

    Future<ReceiverResponse> again =
        threads.submit(() -> receiver.receive(Fixtures.request(EVENT).build()));

    await().until(() -> waiting() == 1);
    assertThatThrownBy(() -> again.get(300, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    standby("");
    assertThat(again.get(30, TimeUnit.SECONDS).reason()).contains(RefusalReason.DUPLICATE);
  }

  @Test
  void repetition_whoseStandbyDoesNotCome_isAskedForAgain() throws Exception {
    WebhookReceiver receiver = receiver(Duration.ofSeconds(1));
    receiveCutOff(receiver);

    ReceiverResponse again = receiver.receive(Fixtures.request(EVENT).build());

    assertThat(again.reason()).contains(RefusalReason.DEDUPLICATION_UNAVAILABLE);
    assertThat(again.status()).isEqualTo(503);
  }

  private int waiting() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) " + WAITING)) {
      row.next();
      return row.getInt(1);
    }
  }

  private void standby(String name) throws SQLException {
    execute("ALTER SYSTEM SET synchronous_standby_names = '" + name + "'");
    execute("SELECT pg_reload_conf()");
    await().until(() -> {
      try (Connection connection = database.getConnection();
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SHOW synchronous_standby_names")) {
        return row.next() && row.getString(1).equals(name);
      }
    });
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
