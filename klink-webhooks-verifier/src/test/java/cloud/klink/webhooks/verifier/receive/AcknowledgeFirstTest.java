package cloud.klink.webhooks.verifier.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.verifier.Fixtures;
import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.SettableClock;
import cloud.klink.webhooks.verifier.UnprintableException;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.deduplication.JdbcProcessedEvents;
import cloud.klink.webhooks.verifier.deduplication.ProcessedEvents;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class AcknowledgeFirstTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final SettableClock clock = new SettableClock();
  private final ManualExecutor executor = new ManualExecutor();
  private final ProcessedEvents memory = ProcessedEvents.inMemory();
  private final List<String> handled = new CopyOnWriteArrayList<>();

  private WebhookReceiverBuilder builder() {
    return WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(webhook -> handled.add(id(webhook)))
        .clock(clock);
  }

  private WebhookReceiver manual(int maxOutstanding) {
    return builder()
        .deduplicate(memory)
        .acknowledgeFirst(executor, maxOutstanding)
        .build();
  }

  private static String id(VerifiedWebhook webhook) {
    return webhook.event().id().orElseThrow();
  }

  private static List<String> ids(List<VerifiedWebhook> webhooks) {
    return webhooks.stream().map(AcknowledgeFirstTest::id).toList();
  }

  private static String deliver(WebhookReceiver receiver, String id) {
    return receiver
        .receive(Fixtures.request(Fixtures.event("room.solved", id)).build())
        .code();
  }

  @Test
  void event_takenOn_isAcknowledgedBeforeItIsHandled() {
    WebhookReceiver receiver = manual(1);
    ReceiverResponse response =
        receiver.receive(Fixtures.request(Fixtures.event("room.solved", "a")).build());
    assertThat(response.status()).isEqualTo(202);
    assertThat(response.reason()).isEmpty();
    assertThat(handled).isEmpty();
    executor.runAll();
    assertThat(handled).containsExactly("a");
  }

  @Test
  void events_beyondTheLimit_areRefusedUntilThereIsRoom() {
    WebhookReceiver receiver = manual(2);
    assertThat(deliver(receiver, "a")).isEqualTo("acknowledged");
    assertThat(deliver(receiver, "b")).isEqualTo("acknowledged");
    assertThat(deliver(receiver, "c")).isEqualTo("overloaded");
    executor.runAll();
    assertThat(deliver(receiver, "c")).isEqualTo("acknowledged");
    executor.runAll();
    assertThat(handled).containsExactly("a", "b", "c");
  }

  @Test
  void ownThreads_busyAndQueueFull_refuse() throws Exception {
    CountDownLatch finish = new CountDownLatch(1);
    BlockingQueue<String> started = new LinkedBlockingQueue<>();
    try (WebhookReceiver receiver = WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(webhook -> {
          started.add(id(webhook));
          awaitLatch(finish);
          handled.add(id(webhook));
        })
        .acknowledgeFirst(2, 1)
        .build()) {
      assertThat(deliver(receiver, "a")).isEqualTo("acknowledged");
      assertThat(deliver(receiver, "b")).isEqualTo("acknowledged");
      started.take();
      started.take();
      assertThat(deliver(receiver, "c")).isEqualTo("acknowledged");
      assertThat(deliver(receiver, "d")).isEqualTo("overloaded");
      finish.countDown();
    }
    assertThat(handled).containsExactlyInAnyOrder("a", "b", "c");
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void executor_thatRejects_makesTheEventRefusedAndFree() {
    WebhookReceiver receiver = manual(1);
    executor.mode(ManualExecutor.Mode.REJECT);
    assertThat(deliver(receiver, "a")).isEqualTo("overloaded");
    executor.mode(ManualExecutor.Mode.FAIL);
    assertThat(deliver(receiver, "a")).isEqualTo("overloaded");
    executor.mode(ManualExecutor.Mode.KEEP);
    assertThat(deliver(receiver, "a")).isEqualTo("acknowledged");
    executor.runAll();
    assertThat(handled).containsExactly("a");
    assertThat(receiver.close(Duration.ZERO)).isEmpty();
  }

  @Test
  void executor_thatRunsAtOnce_works() {
    WebhookReceiver receiver = builder().acknowledgeFirst(Runnable::run, 1).build();
    assertThat(deliver(receiver, "a")).isEqualTo("acknowledged");
    assertThat(deliver(receiver, "b")).isEqualTo("acknowledged");
    assertThat(handled).containsExactly("a", "b");
  }

  @Test
  void executor_thatRunsTwice_handlesOnce() {
    WebhookReceiver receiver = builder()
        .acknowledgeFirst(
            task -> {
              task.run();
              task.run();
            },
            1)
        .build();
    deliver(receiver, "a");
    assertThat(handled).containsExactly("a");
  }

  @Test
  void event_thatTheExecutorDropped_isGivenToItAgain() {
    WebhookReceiver receiver = manual(1);
    executor.mode(ManualExecutor.Mode.DROP);
    assertThat(deliver(receiver, "a")).isEqualTo("acknowledged");
    executor.mode(ManualExecutor.Mode.KEEP);
    clock.advance(AcknowledgedWork.PATIENCE.minusMillis(1));
    assertThat(deliver(receiver, "b")).isEqualTo("overloaded");
    assertThat(executor.size()).isZero();
    clock.advance(Duration.ofMillis(1));
    assertThat(deliver(receiver, "b")).isEqualTo("overloaded");
    executor.runAll();
    assertThat(handled).containsExactly("a");
    assertThat(deliver(receiver, "b")).isEqualTo("acknowledged");
  }

  @Test
  void event_thatWaitsLong_isNotGivenToTheExecutorWithEveryRequest() {
    WebhookReceiver receiver = manual(1);
    deliver(receiver, "a");
    clock.advance(AcknowledgedWork.PATIENCE);
    for (int i = 0; i < 100; i++) {
      deliver(receiver, "b");
    }
    assertThat(executor.size()).isEqualTo(2);
    executor.runAll();
    assertThat(handled).containsExactly("a");
  }

  @Test
  void close_afterTheExecutorDroppedAnEvent_givesItToTheExecutorAgain() {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    AtomicInteger calls = new AtomicInteger();
    try {
      WebhookReceiver receiver = builder()
          .acknowledgeFirst(
              task -> {
                if (calls.incrementAndGet() > 1) {
                  thread.execute(task);
                }
              },
              1)
          .build();
      assertThat(deliver(receiver, "a")).isEqualTo("acknowledged");
      assertThat(receiver.close(LONG)).isEmpty();
      assertThat(handled).containsExactly("a");
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void close_afterTheExecutorWasShutDown_stillHandlesWhatItLeft() {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    CountDownLatch block = new CountDownLatch(1);
    thread.execute(() -> awaitLatch(block));
    WebhookReceiver receiver = builder().acknowledgeFirst(thread, 2).build();
    deliver(receiver, "a");
    deliver(receiver, "b");
    assertThat(thread.shutdownNow()).hasSize(2);
    assertThat(deliver(receiver, "c")).isEqualTo("overloaded");
    assertThat(receiver.close(LONG)).isEmpty();
    assertThat(handled).containsExactly("a", "b");
  }

  @Test
  void close_withWorkThatNobodyRuns_reportsItAndFreesIt() {
    WebhookReceiver receiver = manual(3);
    deliver(receiver, "a");
    deliver(receiver, "b");
    assertThat(ids(receiver.close(Duration.ZERO))).containsExactly("a", "b");
    executor.runAll();
    assertThat(handled).isEmpty();
    assertThat(deliver(manual(1), "a")).isEqualTo("acknowledged");
    assertThat(receiver.close(Duration.ZERO)).isEmpty();
  }

  @Test
  void close_withWorkThatNobodyBegan_givesItToTheFailureHandler() {
    List<String> failures = new CopyOnWriteArrayList<>();
    WebhookReceiver receiver = builder()
        .deduplicate(memory)
        .acknowledgeFirst(executor, 5)
        .onFailure((webhook, failure) -> {
          failures.add(id(webhook));
          if (id(webhook).equals("b")) {
            throw new IllegalStateException("on purpose");
          }
        })
        .build();
    for (String id : List.of("a", "b", "c")) {
      assertThat(deliver(receiver, id)).isEqualTo("acknowledged");
    }
    assertThat(ids(receiver.close(Duration.ZERO))).containsExactly("b");
    executor.runAll();
    assertThat(handled).isEmpty();
    assertThat(failures).containsExactly("a", "b", "c");
    assertThat(deliver(manual(1), "a")).isEqualTo("acknowledged");
  }

  private static final InheritableThreadLocal<String> TENANT = new InheritableThreadLocal<>();

  @Test
  @SuppressWarnings("ThreadPriorityCheck") // It is set to see that none is inherited.
  void threads_ofTheReceiver_takeNothingFromTheThreadThatNeedsThem() throws Exception {
    ClassLoader builders = Thread.currentThread().getContextClassLoader();
    List<String> seen = new CopyOnWriteArrayList<>();
    CountDownLatch done = new CountDownLatch(2);
    try (WebhookReceiver receiver = WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(webhook -> {
          Thread thread = Thread.currentThread();
          seen.add(TENANT.get() + ", " + thread.isDaemon() + ", " + thread.getPriority() + ", "
              + (thread.getContextClassLoader() == builders));
          done.countDown();
          awaitLatch(done);
        })
        .acknowledgeFirst(2, 0)
        .build()) {
      for (String tenant : List.of("A", "B")) {
        Thread request = new Thread(() -> {
          TENANT.set(tenant);
          deliver(receiver, tenant);
        });
        request.setDaemon(true);
        request.setPriority(Thread.MIN_PRIORITY);
        request.setContextClassLoader(null);
        request.start();
        request.join();
      }
    }
    assertThat(seen).hasSize(2).containsOnly("null, false, 5, true");
  }

  @Test
  void close_whileAHandlerRuns_waitsForItAndForWhatWaits() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    WebhookReceiver receiver = WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(webhook -> {
          started.countDown();
          awaitLatch(finish);
          handled.add(id(webhook));
        })
        .acknowledgeFirst(1, 1)
        .build();
    deliver(receiver, "a");
    deliver(receiver, "b");
    started.await();
    ExecutorService closer = Executors.newSingleThreadExecutor();
    try {
      var closing = closer.submit(() -> receiver.close(LONG));
      await().until(() -> deliver(receiver, "c").equals("overloaded"));
      assertThat(closing.isDone()).isFalse();
      finish.countDown();
      assertThat(closing.get()).isEmpty();
      assertThat(handled).containsExactly("a", "b");
    } finally {
      closer.shutdownNow();
    }
  }

  @Test
  void close_withAHandlerThatHangs_reportsAndInterruptsIt() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    WebhookReceiver receiver = WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(webhook -> {
          started.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
        })
        .acknowledgeFirst(1, 1)
        .build();
    deliver(receiver, "a");
    deliver(receiver, "b");
    started.await();
    assertThat(ids(receiver.close(Duration.ofMillis(1)))).containsExactly("a", "b");
    interrupted.await();
  }

  @Test
  void handler_thatFails_isToldToTheFailureHandlerAndFreesTheEvent() {
    List<String> failures = new CopyOnWriteArrayList<>();
    WebhookReceiver receiver = WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(webhook -> {
          handled.add(id(webhook));
          throw new IllegalStateException("on purpose");
        })
        .deduplicate(memory)
        .acknowledgeFirst(executor, 1)
        .onFailure((webhook, failure) -> {
          failures.add(id(webhook) + ": " + failure.getMessage());
          throw new IllegalStateException("this one, too");
        })
        .build();
    assertThat(deliver(receiver, "a")).isEqualTo("acknowledged");
    executor.runAll();
    assertThat(failures).containsExactly("a: on purpose");
    assertThat(deliver(receiver, "a")).isEqualTo("acknowledged");
    executor.runAll();
    assertThat(handled).containsExactly("a", "a");
  }

  @Test
  void handlersFailure_thatCannotBeLogged_isToldToTheFailureHandler() {
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    WebhookReceiver receiver = WebhookReceiver.builder(Fixtures.verifier().build())
        .otherwise(webhook -> {
          throw new UnprintableException();
        })
        .acknowledgeFirst(executor, 1)
        .onFailure((webhook, failure) -> failures.add(failure))
        .build();
    assertThat(deliver(receiver, "a")).isEqualTo("acknowledged");
    executor.runAll();
    assertThat(failures).hasSize(1);
    assertThat(failures.get(0)).isInstanceOf(UnprintableException.class);
    assertThat(receiver.outstanding()).isZero();
  }

  @Test
  void repetition_whileTheEventWaits_isRefused() {
    WebhookReceiver receiver = manual(2);
    deliver(receiver, "a");
    assertThat(deliver(receiver, "a")).isEqualTo("in_progress");
    executor.runAll();
    assertThat(deliver(receiver, "a")).isEqualTo("duplicate");
  }

  @Test
  void event_thatWaitedBeyondItsLease_isHandledOnce() {
    WebhookReceiver receiver = manual(2);
    deliver(receiver, "a");
    clock.advance(Duration.ofSeconds(60));
    executor.runAll();
    assertThat(handled).containsExactly("a");
    assertThat(deliver(receiver, "a")).isEqualTo("duplicate");
  }

  @Test
  void repetition_thatTookOverALease_isHandledInsteadOfTheEvent() {
    WebhookReceiver receiver = manual(2);
    deliver(receiver, "a");
    clock.advance(Duration.ofSeconds(30));
    assertThat(deliver(receiver, "a")).isEqualTo("acknowledged");
    executor.runAll();
    assertThat(handled).containsExactly("a");
    assertThat(deliver(receiver, "a")).isEqualTo("duplicate");
  }

  @Test
  void repetition_thatTookOverALeaseAndWasRefused_leavesTheEventToBeHandled() {
    WebhookReceiver receiver = manual(1);
    deliver(receiver, "a");
    clock.advance(Duration.ofSeconds(30));
    assertThat(deliver(receiver, "a")).isEqualTo("overloaded");
    executor.runAll();
    assertThat(handled).containsExactly("a");
    assertThat(deliver(receiver, "a")).isEqualTo("duplicate");
  }

  @Test
  void memory_thatFailsAfterTheAcknowledgement_doesNotLoseTheEvent() throws Exception {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    JdbcProcessedEvents processed = new JdbcProcessedEvents(database);
    processed.migrate();
    WebhookReceiver receiver =
        builder().deduplicate(processed).acknowledgeFirst(executor, 1).build();
    assertThat(deliver(receiver, "a")).isEqualTo("acknowledged");
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE klink_processed_events");
    }
    executor.runAll();
    assertThat(handled).containsExactly("a");
    assertThat(deliver(receiver, "b")).isEqualTo("deduplication_unavailable");
  }

  @Test
  void bodyThatIsNoEvent_withoutAFallback_isRefusedBeforeTheAcknowledgement() {
    WebhookReceiver receiver = WebhookReceiver.builder(Fixtures.verifier().build())
        .on(EventName.ROOM_SOLVED, webhook -> {})
        .acknowledgeFirst(executor, 1)
        .build();
    assertThat(receiver.receive(Fixtures.request(Fixtures.utf8("{}")).build()).reason())
        .contains(RefusalReason.MALFORMED_EVENT);
  }

  @Test
  void events_fromManyThreads_areAllHandledOrRefused() throws Exception {
    AtomicInteger acknowledged = new AtomicInteger();
    ExecutorService senders = Executors.newFixedThreadPool(16);
    try (WebhookReceiver receiver = builder().acknowledgeFirst(4, 50).build()) {
      CountDownLatch sent = new CountDownLatch(16);
      for (int thread = 0; thread < 16; thread++) {
        int number = thread;
        senders.execute(() -> {
          for (int i = 0; i < 100; i++) {
            if (deliver(receiver, "evt_" + number + "_" + i).equals("acknowledged")) {
              acknowledged.incrementAndGet();
            }
          }
          sent.countDown();
        });
      }
      sent.await();
      assertThat(receiver.close(LONG)).isEmpty();
    } finally {
      senders.shutdownNow();
    }
    assertThat(acknowledged.get()).isPositive();
    assertThat(handled).hasSize(acknowledged.get()).doesNotHaveDuplicates();
  }
}
