package cloud.klink.webhooks.sender.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.storage.InterceptedStorage;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a node gives up is claimed again at once, not at the next poll, in whichever order the
 * release and claims run.
 */
class ReleasedLeasesTest {
  private static final int EVENTS = 60;

  private final CountingEndpoints receivers = new CountingEndpoints();

  /** One for each call that has returned. */
  private final Semaphore claims = new Semaphore(0);

  private final Semaphore releases = new Semaphore(0);

  @TempDir
  private Path directory;

  /** How a release and a claim meet. */
  private enum Order {
    /** The claim does not see what the release gives back. */
    CLAIM_BEFORE_RELEASE,
    /** The same, but the node learns only after the release what the claim has found. */
    CLAIM_AROUND_RELEASE
  }

  static Stream<Arguments> cases() {
    return Stream.of(JdbcDatabase.values())
        .flatMap(kind -> Stream.of(Order.values()).map(order -> Arguments.of(kind, order)));
  }

  @AfterEach
  void close() {
    receivers.close();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void edit_ofAWebhookWithQueuedDeliveries(JdbcDatabase kind, Order order) throws SQLException {
    run(kind, order, (sender, webhook) -> {
      answerAfter(200);
      publish(sender);
      awaitReceived(2);
      sender.webhooks().edit(webhook).name("Renamed").save();
    });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void pauseAndResumption_ofAWebhookWithQueuedDeliveries(JdbcDatabase kind, Order order)
      throws SQLException {
    run(kind, order, (sender, webhook) -> {
      answerAfter(200);
      publish(sender);
      awaitReceived(2);
      sender.webhooks().pause(webhook.id(), "on purpose");
      sender.webhooks().resume(webhook.id());
    });
  }

  /** Its queued deliveries are dropped, since it now shares slots. */
  @ParameterizedTest
  @MethodSource("cases")
  void slowAnswers_ofAWebhookThatWasQuick(JdbcDatabase kind, Order order) throws SQLException {
    run(kind, order, (sender, webhook) -> {
      answerAfter(1_300);
      publish(sender);
      awaitReceived(2);
      answerAfter(0);
    });
  }

  private interface Work {
    void on(WebhookSender sender, Webhook webhook);
  }

  private void run(JdbcDatabase kind, Order order, Work work) throws SQLException {
    JdbcStorage storage = EmptyDatabase.storage(kind, EmptyDatabase.of(kind, directory));
    storage.migrate();
    try (WebhookSender sender = WebhookSender.builder(inOrder(storage, order))
        .endpoints(EndpointPolicy.forDevelopment())
        .pollInterval(Duration.ofHours(1))
        .build()) {
      sender.start();
      Webhook webhook = receivers.webhook(sender, "orders");
      CountingEndpoints.publish(sender, "orders", "evt_first");
      awaitReceived(1);
      work.on(sender, webhook);
      for (int i = 0; i < EVENTS; i++) {
        String id = "evt_" + i;
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> receivers.got("orders").contains(id));
      }
    }

    assertThat(receivers.got("orders")).hasSize(EVENTS + 1).doesNotHaveDuplicates();
  }

  private Storage inOrder(Storage storage, Order order) {
    return InterceptedStorage.of(storage, call -> {
      if (call.is("release")) {
        claims.drainPermits();
        claims.tryAcquire(300, TimeUnit.MILLISECONDS);
        Object result = call.proceed();
        releases.release();
        return result;
      }
      releases.drainPermits();
      Object result = call.proceed();
      if (call.is("claim")) {
        claims.release();
        if (order == Order.CLAIM_AROUND_RELEASE) {
          releases.tryAcquire(300, TimeUnit.MILLISECONDS);
        }
      }
      return result;
    });
  }

  private void answerAfter(int millis) {
    receivers.answer(
        "orders",
        new MockResponse.Builder()
            .code(200)
            .headersDelay(millis, TimeUnit.MILLISECONDS)
            .build());
  }

  private static void publish(WebhookSender sender) {
    List<Event> events = IntStream.range(0, EVENTS)
        .mapToObj(i -> Event.builder(EventName.of("orders.happened"))
            .timestamp(Instant.EPOCH)
            .id("evt_" + i)
            .build())
        .toList();
    sender.publishAll(Environment.PRODUCTION, events);
  }

  private void awaitReceived(int count) {
    await()
        .pollInterval(Duration.ofMillis(2))
        .until(() -> receivers.got("orders").size() >= count);
  }
}
