package cloud.klink.webhooks.verifier.receive;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.SettableClock;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookVerifier;
import cloud.klink.webhooks.verifier.claim.EventKeys;
import cloud.klink.webhooks.verifier.deduplication.JdbcProcessedEvents;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class DeduplicationTest {
  private static final byte[] EVENT = Fixtures.event("room.solved", "evt_1");

  private final SettableClock clock = new SettableClock();
  private final ProcessedEvents memory = ProcessedEvents.inMemory();
  private final List<VerifiedWebhook> handled = new ArrayList<>();

  private WebhookReceiver receiver(WebhookHandler handler) {
    return receiver(handler, memory);
  }

  private WebhookReceiver receiver(WebhookHandler handler, ProcessedEvents processed) {
    return WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(handler)
        .deduplicate(processed)
        .clock(clock)
        .build();
  }

  private static ReceiverResponse deliver(WebhookReceiver receiver, byte[] body) {
    return receiver.receive(Fixtures.request(body).build());
  }

  @Test
  void event_again_isAcknowledgedAndNotHandled() {
    WebhookReceiver receiver = receiver(handled::add);
    ReceiverResponse first = deliver(receiver, EVENT);
    assertThat(first.code()).isEqualTo("processed");
    assertThat(first.headers()).doesNotContainKey("X-Klink-Duplicate");
    ReceiverResponse second = deliver(receiver, EVENT);
    assertThat(second.headers()).containsEntry("X-Klink-Duplicate", "true");
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.reason()).contains(RefusalReason.DUPLICATE);
    assertThat(handled).hasSize(1);
  }

  @Test
  void event_ofOneIdWithOtherContent_isADuplicate() {
    WebhookReceiver receiver = receiver(handled::add);
    deliver(receiver, EVENT);
    assertThat(deliver(receiver, Fixtures.event("room.reopened", "evt_1")).reason())
        .contains(RefusalReason.DUPLICATE);
  }

  @Test
  void event_whileItIsHandled_isRefused() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    WebhookReceiver receiver = receiver(webhook -> {
      started.countDown();
      await(finish);
    });
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<ReceiverResponse> first = thread.submit(() -> deliver(receiver, EVENT));
      started.await();
      ReceiverResponse second = deliver(receiver, EVENT);
      assertThat(second.status()).isEqualTo(503);
      assertThat(second.reason()).contains(RefusalReason.IN_PROGRESS);
      finish.countDown();
      assertThat(first.get().code()).isEqualTo("processed");
    } finally {
      thread.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void event_afterItsHandlerFailed_isHandledAgain() {
    WebhookReceiver receiver = receiver(webhook -> {
      handled.add(webhook);
      if (handled.size() == 1) {
        throw new IllegalStateException("on purpose");
      }
    });
    assertThat(deliver(receiver, EVENT).status()).isEqualTo(500);
    assertThat(deliver(receiver, EVENT).code()).isEqualTo("processed");
    assertThat(deliver(receiver, EVENT).code()).isEqualTo("duplicate");
    assertThat(handled).hasSize(2);
  }

  @Test
  void event_afterACrash_isHandledByTheSendersNextRetry() {
    // The crash: a claim that is neither done nor released.
    WebhookReceiver receiver = receiver(handled::add);
    memory.claim(
        new EventKeys(receiver.verifier()).of(Fixtures.webhook(EVENT)),
        clock.instant(),
        clock.instant().plus(Duration.ofSeconds(25)));
    clock.advance(Duration.ofSeconds(24));
    assertThat(deliver(receiver, EVENT).reason()).contains(RefusalReason.IN_PROGRESS);
    clock.advance(Duration.ofSeconds(6));
    assertThat(deliver(receiver, EVENT).code()).isEqualTo("processed");
    assertThat(handled).hasSize(1);
  }

  @Test
  void handler_thatOutlastsItsLease_doesNotDisturbTheOneAfterIt() {
    WebhookReceiver fast = receiver(handled::add);
    WebhookReceiver slow = receiver(webhook -> {
      clock.advance(Duration.ofSeconds(25));
      assertThat(deliver(fast, EVENT).code()).isEqualTo("processed");
      throw new IllegalStateException("the claim is another's by now, and stays");
    });
    assertThat(deliver(slow, EVENT).status()).isEqualTo(500);
    assertThat(deliver(fast, EVENT).reason()).contains(RefusalReason.DUPLICATE);
    assertThat(handled).hasSize(1);
  }

  @Test
  void eventWithoutId_again_isKnownByItsCanonicalBody() {
    WebhookReceiver receiver = receiver(handled::add);
    byte[] body = Fixtures.utf8(
        "{\"data\":null,\"event\":\"room.solved\",\"timestamp\":\"2026-01-09T03:42:38Z\"}");
    byte[] spaced = Fixtures.utf8(
        "{ \"event\":\"room.solved\", \"timestamp\":\"2026-01-09T03:42:38Z\", \"data\":null}");
    byte[] later = Fixtures.utf8(
        "{\"data\":null,\"event\":\"room.solved\",\"timestamp\":\"2026-01-09T03:42:39Z\"}");
    assertThat(deliver(receiver, body).code()).isEqualTo("processed");
    assertThat(deliver(receiver, spaced).code()).isEqualTo("duplicate");
    assertThat(deliver(receiver, later).code()).isEqualTo("processed");
  }

  @Test
  void eventsWithoutId_thatDifferInANumberThatADoubleDoesNotTell_areRefused() {
    WebhookReceiver receiver = receiver(handled::add);
    for (String number : new String[] {"1.00000000000000001", "1.00000000000000002"}) {
      byte[] body = Fixtures.utf8("{\"data\":" + number
          + ",\"event\":\"room.solved\",\"timestamp\":\"2026-01-09T03:42:38Z\"}");
      assertThat(deliver(receiver, body).reason()).contains(RefusalReason.AMBIGUOUS_NUMBER);
    }
    assertThat(handled).isEmpty();
  }

  @Test
  void bodyThatIsNoEvent_again_isADuplicate() {
    WebhookReceiver receiver = receiver(handled::add);
    assertThat(deliver(receiver, Fixtures.utf8("[1]")).code()).isEqualTo("processed");
    assertThat(deliver(receiver, Fixtures.utf8("[ 1 ]")).code()).isEqualTo("duplicate");
    assertThat(deliver(receiver, Fixtures.utf8("[2]")).code()).isEqualTo("processed");
  }

  @Test
  void ids_whateverTheyHold_areToldApart() {
    String body = "sha256:" + "0".repeat(64);
    WebhookReceiver receiver = receiver(handled::add);
    List<String> ids = List.of(
        "x".repeat(150),
        "x".repeat(151),
        "x".repeat(5_000),
        "x".repeat(5_001),
        "é",
        "e",
        "E",
        "e ",
        " e",
        "\\u0000",
        body,
        "😀",
        "42");
    for (String id : ids) {
      assertThat(deliver(receiver, Fixtures.event("room.solved", id)).code())
          .isEqualTo("processed");
    }
    for (String id : ids) {
      assertThat(deliver(receiver, Fixtures.event("room.solved", id)).code())
          .isEqualTo("duplicate");
    }
  }

  @Test
  void keys_always_fitTheMemory() {
    EventKeys keys = new EventKeys(Fixtures.verifier().build());
    for (String id : List.of("x".repeat(150), "x".repeat(151), "\\u0000", "é", "evt:1")) {
      String key = keys.of(Fixtures.webhook(Fixtures.event("room.solved", id)));
      assertThat(key).matches("[!-~]{1," + ProcessedEvents.MAX_KEY_LENGTH + "}");
    }
    assertThat(keys.of(Fixtures.webhook(EVENT))).matches("[0-9a-f]{16}:evt_1");
  }

  @Test
  void endpoints_thatShareAMemory_eachHandleTheEvent() {
    WebhookVerifier verifier = WebhookVerifier.builder()
        .publicUrl("https://hooks.example.com/other")
        .secret(Fixtures.SECRET)
        .build();
    WebhookReceiver other = WebhookReceiver.builder(verifier)
        .otherwise(handled::add)
        .deduplicate(memory)
        .build();
    VerifiedWebhook webhook = Fixtures.webhook(EVENT);
    deliver(receiver(handled::add), EVENT);
    other.receive(IncomingRequest.builder()
        .header(
            "X-Signature",
            Fixtures.SECRET.sign(verifier.target().with(webhook.body())).hex())
        .body(EVENT)
        .build());
    assertThat(handled).hasSize(2);
  }

  @Test
  void database_down_refusesEvents() {
    JdbcDataSource nowhere = new JdbcDataSource();
    nowhere.setURL("jdbc:h2:tcp://localhost:1/none");
    WebhookReceiver receiver = receiver(handled::add, new JdbcProcessedEvents(nowhere));
    ReceiverResponse response = deliver(receiver, EVENT);
    assertThat(response.status()).isEqualTo(503);
    assertThat(response.reason()).contains(RefusalReason.DEDUPLICATION_UNAVAILABLE);
    assertThat(handled).isEmpty();
  }

  @Test
  void database_thatGoesDownWhileAnEventIsHandled_doesNotUndoIt() {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    JdbcProcessedEvents processed = new JdbcProcessedEvents(database);
    processed.migrate();
    WebhookReceiver receiver = receiver(
        webhook -> {
          handled.add(webhook);
          shutDown(database);
        },
        processed);
    assertThat(deliver(receiver, EVENT).code()).isEqualTo("processed");
    assertThat(handled).hasSize(1);
  }

  private static void shutDown(JdbcDataSource database) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SHUTDOWN IMMEDIATELY");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
