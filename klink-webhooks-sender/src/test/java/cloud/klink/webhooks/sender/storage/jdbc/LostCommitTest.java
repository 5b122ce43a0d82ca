package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The answer to COMMIT is lost: what was written must be told all the same. */
class LostCommitTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final CountingEndpoints receivers = new CountingEndpoints();
  private final List<AttemptEvent> attempts = new CopyOnWriteArrayList<>();

  private record PauseCall(String webhookId, Pause pause, List<Attempt> failures) {}

  private final List<PauseCall> pauses = new CopyOnWriteArrayList<>();

  @TempDir
  private Path directory;

  @AfterEach
  void close() {
    receivers.close();
  }

  /** SQLite has no answer to lose: it commits within the process. */
  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "H2"})
  void record_whoseAnswerIsLost_isToldAsAnyOther(JdbcDatabase kind) throws Exception {
    DataSource database = EmptyDatabase.of(kind, directory);
    JdbcStorage storage = EmptyDatabase.storage(kind, database);
    storage.migrate();
    FaultyDataSource faulty = new FaultyDataSource(database);
    try (WebhookSender sender = WebhookSender.builder(
            EmptyDatabase.storage(kind, faulty.dataSource()))
        .endpoints(EndpointPolicy.forDevelopment())
        .pollInterval(Duration.ofHours(1))
        .policy(DeliveryPolicy.builder()
            .retries(RetryPolicy.after())
            .pausing(PausePolicy.moreThan(0, Duration.ofHours(1)))
            .build())
        .listener(new SenderListener() {
          @Override
          public void onAttempt(AttemptEvent event) {
            attempts.add(event);
          }

          @Override
          public void onPaused(String webhookId, Pause pause, List<Attempt> failures) {
            pauses.add(new PauseCall(webhookId, pause, failures));
          }
        })
        .build()) {
      String failing = receivers.webhook(sender, "failing").id();
      receivers.answer("failing", CountingEndpoints.answer(500, "no"));
      sender.start();
      await().atMost(PATIENCE).until(() -> sender.health().isStorageReachable());

      // The answer is lost when the outcome is written: the publishing is committed before.
      faulty.onCommit(connection -> {
        connection.commit();
        if (storage
                .failures(failing, java.time.Instant.EPOCH, java.time.Instant.MAX, 1)
                .size()
            > 0) {
          faulty.onCommit(java.sql.Connection::commit);
          throw new java.sql.SQLException("the connection broke", "08006");
        }
      });
      String id = CountingEndpoints.publish(sender, "failing", "evt_1");

      await().atMost(PATIENCE).until(() -> !attempts.isEmpty() && !pauses.isEmpty());
      assertThat(attempts).hasSize(1);
      assertThat(attempts.get(0).deliveryId()).isEqualTo(id);
      assertThat(pauses).hasSize(1);
      Pause stored = sender.webhooks().get(failing).orElseThrow().pause().orElseThrow();
      assertThat(pauses.get(0).pause()).isEqualTo(stored);
      assertThat(pauses.get(0).failures()).hasSize(1);
      assertThat(receivers.got("failing")).containsExactly("evt_1");
    }
  }
}
