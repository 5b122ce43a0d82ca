package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.secret.AesGcmCipher;
import cloud.klink.webhooks.sender.secret.SecretCipher;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Published;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.WebhookEditor;
import cloud.klink.webhooks.sender.webhook.Webhooks;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A PostgreSQL whose commits wait for a standby, which is not there. */
class SynchronousModeTest {
  private static final String HANGING = "FROM pg_stat_activity WHERE wait_event = 'SyncRep'";

  private static EmbeddedPostgres server;
  private static int databases;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private DataSource database;
  private JdbcStorage storage;

  @BeforeAll
  static void start() throws IOException {
    server =
        EmbeddedPostgres.builder().setServerConfig("synchronous_commit", "on").start();
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void migrate() throws SQLException {
    database = newDatabase();
    storage = JdbcStorage.postgresql(database);
    storage.migrate();
    storage.insert(JdbcTestData.webhook("w1"));
    standby("nobody");
  }

  @AfterEach
  void letGo() throws SQLException {
    threads.shutdownNow();
    standby("");
    await().until(() -> hanging() == 0);
  }

  @Test
  void publish_againAfterItsAnswerWasCut_waitsForTheStandbyToo() throws Exception {
    Future<List<Published>> first = threads.submit(this::publish);
    await().until(() -> hanging() == 1);
    TestPostgres.execute(database, "SELECT pg_terminate_backend(pid) " + HANGING);
    assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(StorageException.class);

    Future<List<Published>> again = threads.submit(this::publish);

    await().until(() -> hanging() == 1);
    assertThatThrownBy(() -> again.get(300, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    standby("");
    assertThat(again.get(30, TimeUnit.SECONDS)).extracting(Published::isNew).containsExactly(false);
  }

  @Test
  void publish_inATransactionAgainAfterItsAnswerWasCut_waitsForTheStandbyToo() throws Exception {
    assertWaitsAgain(() -> {
      try (Connection connection = database.getConnection()) {
        connection.setAutoCommit(false);
        List<Published> published =
            storage.publish(connection, JdbcTestData.events("e", 1), JdbcTestData::id);
        connection.commit();
        return published.get(0).isNew();
      }
    });
  }

  @Test
  void publishTo_againAfterItsAnswerWasCut_waitsForTheStandbyToo() throws Exception {
    assertWaitsAgain(
        () -> storage.publishTo(JdbcTestData.events("e", 1).get(0), "w1", JdbcTestData.id()));
  }

  @Test
  void redeliverFailed_againAfterItsAnswerWasCut_waitsForTheStandbyToo() throws Exception {
    standby("");
    publish();
    List<ClaimedDelivery> claimed =
        JdbcTestData.claim(storage, JdbcTestData.NOW, 1).deliveries();
    storage.record(List.of(JdbcTestData.failure(claimed.get(0))), Map.of(), JdbcTestData.NOW);
    standby("nobody");
    assertWaitsAgain(() -> !storage
        .redeliverFailed(
            "w1", JdbcTestData.NOW.minusSeconds(9), JdbcTestData::id, JdbcTestData.NOW, 9)
        .isEmpty());
  }

  @Test
  void save_ofANewWebhookAgainAfterItsAnswerWasCut_waitsForTheStandbyToo() throws Exception {
    try (WebhookSender sender = WebhookSender.builder(storage).build()) {
      WebhookEditor editor = sender
          .webhooks()
          .create(Environment.PRODUCTION)
          .name("Orders")
          .url("https://example.org/hook")
          .subscribe(EventName.CONTACT_CREATED);
      assertWaitsAgain(() -> editor.save().version() > 1);
      assertThat(sender.webhooks().list(Environment.PRODUCTION))
          .extracting(Webhook::name)
          .containsExactlyInAnyOrder("w1", "Orders");
    }
  }

  @Test
  void delete_againAfterItsAnswerWasCut_waitsForTheStandbyToo() throws Exception {
    try (WebhookSender sender = WebhookSender.builder(storage).build()) {
      assertWaitsAgain(() -> {
        try {
          sender.webhooks().delete("w1");
          return true;
        } catch (NotFoundException e) {
          return false;
        }
      });
    }
  }

  @Test
  void pause_againAfterItsAnswerWasCut_waitsForTheStandbyToo() throws Exception {
    try (WebhookSender sender = WebhookSender.builder(storage).build()) {
      assertWaitsAgain(() -> !sender.webhooks().pause("w1", "maintenance").isPaused());
    }
    assertThat(storage.find(List.of("w1")).get("w1").webhook().version()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void resume_againAfterItsAnswerWasCut_waitsForTheStandbyToo(boolean discards) throws Exception {
    try (WebhookSender sender = WebhookSender.builder(storage).build()) {
      standby("");
      sender.webhooks().pause("w1", "maintenance");
      standby("nobody");
      Webhooks webhooks = sender.webhooks();
      assertWaitsAgain(
          () -> (discards ? webhooks.discardAndResume("w1") : webhooks.resume("w1")).isPaused());
    }
  }

  @Test
  void reencrypt_againAfterItsAnswerWasCut_waitsForTheStandbyToo() throws Exception {
    SecretCipher cipher = AesGcmCipher.of("k1", new byte[AesGcmCipher.KEY_BYTES]);
    try (WebhookSender plain = WebhookSender.builder(storage).build();
        WebhookSender sender = WebhookSender.builder(storage)
            .cipher(cipher)
            .allowUnencryptedSecrets()
            .build()) {
      standby("");
      plain.webhooks().regenerateSecret("w1");
      standby("nobody");
      assertWaitsAgain(() -> {
        long before = sender.webhooks().get("w1").orElseThrow().version();
        assertThat(sender.webhooks().reencrypt()).isEmpty();
        return sender.webhooks().get("w1").orElseThrow().version() > before;
      });
    }
  }

  @Test
  void record_againAfterItsAnswerWasCut_waitsForTheStandbyToo() throws Exception {
    standby("");
    publish();
    List<ClaimedDelivery> claimed =
        JdbcTestData.claim(storage, JdbcTestData.NOW, 1).deliveries();
    standby("nobody");
    assertWaitsAgain(() -> !storage
        .record(List.of(JdbcTestData.failure(claimed.get(0))), Map.of(), JdbcTestData.NOW)
        .stale()
        .isEmpty());
  }

  @Test
  void save_ofAnEditAgainWithAnotherEditor_waitsForTheStandbyToo() throws Exception {
    try (WebhookSender sender = WebhookSender.builder(storage).build()) {
      assertWaitsAgain(() -> {
        Webhook read = sender.webhooks().get("w1").orElseThrow();
        sender.webhooks().edit(read).name("Renamed").save();
        return !read.name().equals("Renamed");
      });
    }
  }

  @Test
  void migrate_againAfterItsAnswerWasCut_waitsForTheStandbyToo() throws Exception {
    standby("");
    JdbcStorage second = JdbcStorage.postgresql(newDatabase());
    standby("nobody");

    assertWaitsAgain(() -> {
      second.migrate();
      return false;
    });
  }

  /** What is done first is cut off; doing it again tells that there is nothing to be done. */
  private void assertWaitsAgain(Callable<Boolean> call) throws Exception {
    Future<Boolean> first = threads.submit(call);
    await().until(() -> hanging() == 1);
    TestPostgres.execute(database, "SELECT pg_terminate_backend(pid) " + HANGING);
    assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);

    Future<Boolean> again = threads.submit(call);

    await().until(() -> hanging() == 1);
    assertThatThrownBy(() -> again.get(300, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    standby("");
    assertThat(again.get(30, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void publish_whoseCommitHangs_failsInTime() throws Exception {
    JdbcStorage impatient =
        JdbcStorage.of(JdbcDatabase.POSTGRESQL, database).withTimeout(Duration.ofSeconds(1));

    Future<List<Published>> published =
        threads.submit(() -> impatient.publish(JdbcTestData.events("e", 1), JdbcTestData::id));

    assertThatThrownBy(() -> published.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(StorageException.class);
  }

  private List<Published> publish() {
    return storage.publish(JdbcTestData.events("e", 1), JdbcTestData::id);
  }

  private static DataSource newDatabase() throws SQLException {
    String name = "test" + ++databases;
    TestPostgres.execute(server.getPostgresDatabase(), "CREATE DATABASE " + name);
    return server.getDatabase("postgres", name);
  }

  private int hanging() throws SQLException {
    try (Connection connection = database.getConnection()) {
      return Sql.query(connection, "SELECT count(*) " + HANGING, row -> row.getInt(1))
          .get(0);
    }
  }

  private void standby(String name) throws SQLException {
    TestPostgres.execute(database, "ALTER SYSTEM SET synchronous_standby_names = '" + name + "'");
    TestPostgres.execute(database, "SELECT pg_reload_conf()");
  }
}
