package cloud.klink.webhooks.sender.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.faults.Fault.Span;
import cloud.klink.webhooks.sender.logs.CapturedLog;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.event.Level;

/** Whatever is thrown, and wherever: once that ends, all that is durable is delivered. */
class ThrownAnywhereTest {
  private static final int EVENTS = 15;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final List<Supplier<? extends Throwable>> KINDS = List.of(
      () -> new OutOfMemoryError("injected"),
      () -> new StackOverflowError("injected"),
      () -> new AssertionError("injected"),
      () -> new NoClassDefFoundError("injected"),
      () -> new LinkageError("injected"),
      () -> new IllegalStateException("injected"),
      () -> new RejectedExecutionException("injected"));

  private static final List<String> PLACES = List.of(
      "Storage.claim",
      "Storage.record",
      "Storage.release",
      "Storage.find",
      "Storage.failures",
      "Storage.end",
      "policies",
      "RetryPolicy",
      "PausePolicy.window",
      "PausePolicy.sample",
      "PausePolicy.decide",
      "EndpointPolicy",
      "SecretCipher",
      "SenderListener",
      "Transport.send",
      "Transport.send after it began",
      "Transport.send never answers",
      "Transport.send blocks",
      "Transport.send answers null",
      "Transport.send answers twice",
      "Transport.close",
      "logger",
      "timer",
      "timer after it took the task",
      "storage executor",
      "storage executor after it took the task",
      "storage executor runs it in the caller's thread",
      "attempt executor",
      "attempt executor after it took the task",
      "attempt executor runs it in the caller's thread",
      "listener executor",
      "listener executor after it took the task",
      "listener executor runs it in the caller's thread");

  /** Where each kind of fault is an error in the log. */
  private static final Set<String> SAID =
      Set.of("Storage.claim", "RetryPolicy", "Transport.send", "timer", "storage executor");

  private final Storage storage = new InMemoryStorage();
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final List<String> deliveries = new ArrayList<>();
  private final List<Webhook> webhooks = new ArrayList<>();

  static Stream<Arguments> rows() {
    List<Arguments> rows = new ArrayList<>();
    for (String place : PLACES) {
      for (Span span : Span.values()) {
        Supplier<? extends Throwable> kind = KINDS.get(rows.size() % KINDS.size());
        rows.add(Arguments.of(place, span, kind.get().getClass().getSimpleName(), kind));
      }
    }
    return rows.stream();
  }

  @AfterEach
  void close() {
    pool.shutdownNow();
  }

  @ParameterizedTest(name = "{0}, {1}: {2}")
  @MethodSource("rows")
  void fault_thatEnds_delaysWhatIsDurableAndLosesNothing(
      String place, Span span, String name, Supplier<? extends Throwable> kind) {
    Fault fault = new Fault(place, span, kind);
    FaultyParts parts = new FaultyParts(fault);
    ScheduledThreadPoolExecutor timer = parts.timer();
    try (CapturedLog log = CapturedLog.from(Level.DEBUG, () -> fault.at("logger"))) {
      WebhookSender sender = sender(fault, parts, timer);
      create(sender);
      publish(sender);
      fault.arm();
      sender.start();
      publish(sender);
      repeated(() -> sender.webhooks().pause(webhooks.get(0).id(), "has leases given back"));
      publish(sender);
      repeated(() -> sender.webhooks().resume(webhooks.get(0).id()));
      publish(sender);

      await("deliveries")
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(deliveries)
              .allSatisfy(id -> assertThat(storage.delivery(id).map(Delivery::state))
                  .contains(DeliveryState.SUCCEEDED)));
      await("slots").atMost(PATIENCE).untilAsserted(() -> {
        assertThat(sender.health().inFlight()).isZero();
        assertThat(sender.health().queued()).isZero();
      });
      assertThat(sender.stop(Duration.ofSeconds(5))).succeedsWithin(Duration.ofSeconds(10));
      if (SAID.contains(place) && fault.thrown() > 0) {
        assertThat(log.lines()).anyMatch(line -> line.level() == Level.ERROR);
      }
    } finally {
      parts.close();
      timer.shutdownNow();
    }
  }

  private WebhookSender sender(Fault fault, FaultyParts parts, ScheduledThreadPoolExecutor timer) {
    DeliveryPolicy policy = DeliveryPolicy.builder()
        .timeout(Duration.ofSeconds(1))
        .retries(parts::retryAfter)
        .pausing(parts.pausing())
        .build();
    return WebhookSender.builder(parts.storage(storage))
        .endpoints(parts.endpoints())
        .cipher(parts.cipher())
        .policy(policy)
        .policies(webhook -> {
          fault.at("policies");
          return policy;
        })
        .outage(OutagePolicy.never())
        .maxConcurrentAttempts(4)
        .lease(Duration.ofSeconds(13))
        .pollInterval(Duration.ofMillis(50))
        .clock(new FastClock())
        .transport(parts.transport())
        .listener(parts.listener())
        .timer(timer)
        .storageExecutor(parts.executor("storage executor", pool))
        .attemptExecutor(parts.executor("attempt executor", pool))
        .listenerExecutor(parts.executor("listener executor", pool))
        .build();
  }

  private void create(WebhookSender sender) {
    for (String name : List.of("one", "two")) {
      webhooks.add(sender
          .webhooks()
          .create(Environment.PRODUCTION)
          .name(name)
          .url("http://127.0.0.1:9/" + name)
          .subscribe(EventName.CONTACT_CREATED)
          .save());
    }
  }

  /** These are told of what is thrown, and call again. */
  private static void repeated(Callable<?> call) {
    await().atMost(PATIENCE).until(() -> {
      try {
        call.call();
        return true;
      } catch (Throwable e) {
        return false;
      }
    });
  }

  /** Whoever publishes is told nothing of what fails once the event is stored. */
  private void publish(WebhookSender sender) {
    for (int i = 0; i < EVENTS; i++) {
      Event event =
          Event.builder(EventName.CONTACT_CREATED).timestamp(Instant.EPOCH).build();
      try {
        deliveries.addAll(sender.publish(Environment.PRODUCTION, event).deliveryIds());
      } catch (Throwable e) { // the test engine would end at an OutOfMemoryError
        throw new AssertionError("publishing failed", e);
      }
    }
  }
}
