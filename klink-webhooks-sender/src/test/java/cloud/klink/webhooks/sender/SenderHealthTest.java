package cloud.klink.webhooks.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.health.Health;
import cloud.klink.webhooks.sender.health.HealthStatus;
import cloud.klink.webhooks.sender.internal.health.StorageHealth;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.InterceptedStorage;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a sender that delivers nothing tells of itself and its storage. */
class SenderHealthTest {
  private static final Instant START = Instant.parse("2026-01-09T03:42:38Z");

  private final HandClock clock = new HandClock();
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private final InMemoryStorage memory = new InMemoryStorage();

  /** What the storage does instead of working: nothing, or something else. */
  private Runnable trouble = () -> {};

  private final Storage storage = InterceptedStorage.of(memory, call -> {
    if (!call.is("describe")) {
      calls.add(call.name());
      trouble.run();
    }
    return call.proceed();
  });

  private static final class HandClock extends Clock {
    private volatile Instant now = START;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }

    void advance(Duration time) {
      now = now.plus(time);
    }
  }

  private WebhookSender sender(Executor executor) {
    return WebhookSender.builder(storage).clock(clock).storageExecutor(executor).build();
  }

  private WebhookSender sender() {
    return sender(Runnable::run);
  }

  private static void down() {
    throw new StorageException(SenderReason.STORAGE_UNAVAILABLE, "down", null);
  }

  @Test
  void health_ofASenderThatWorks_countsWhatWaits() {
    WebhookSender sender = sender();
    Webhook active = webhook(sender);
    Webhook paused = webhook(sender);
    sender.webhooks().pause(paused.id(), null);
    sender.publish(
        Environment.PRODUCTION,
        Event.builder(EventName.CONTACT_CREATED).timestamp(START).build());
    clock.advance(Duration.ofSeconds(30));

    Health health = sender.health();

    assertThat(health.status()).isEqualTo(HealthStatus.UP);
    assertThat(health.time()).isEqualTo(START.plusSeconds(30));
    assertThat(health.isStarted()).isFalse();
    assertThat(health.countedAt()).contains(START.plusSeconds(30));
    assertThat(health.waiting()).hasValue(1);
    assertThat(health.held()).hasValue(1);
    assertThat(health.oldestDue()).contains(START);
    assertThat(health.pausedWebhooks()).hasValue(1);
    assertThat(active.isPaused()).isFalse();
    clock.advance(Duration.ofMinutes(10));
    assertThat(sender.health().status()).isEqualTo(HealthStatus.DEGRADED);
  }

  private static Webhook webhook(WebhookSender sender) {
    return sender
        .webhooks()
        .create(Environment.PRODUCTION)
        .name("Orders")
        .url("https://example.com/hook")
        .subscribe(EventName.CONTACT_CREATED)
        .save();
  }

  @Test
  void health_askedOften_asksTheStorageOnceInTenSeconds() {
    WebhookSender sender = sender();
    for (int i = 0; i < 100; i++) {
      assertThat(sender.health().status()).isEqualTo(HealthStatus.UP);
      clock.advance(Duration.ofMillis(99));
    }
    assertThat(calls).containsExactly("find", "backlog");

    clock.advance(Duration.ofMillis(100));
    sender.health();

    assertThat(calls).containsExactly("find", "backlog", "find", "backlog");
  }

  @Test
  void health_withAStorageThatFails_tellsSinceWhenAndNoticesItsReturnWithinASecond() {
    WebhookSender sender = sender();
    trouble = SenderHealthTest::down;
    assertThat(sender.health().status()).isEqualTo(HealthStatus.DOWN);
    clock.advance(Duration.ofSeconds(1));

    Health down = sender.health();

    assertThat(down.storageCheckedAt()).isEqualTo(START.plusSeconds(1));
    assertThat(down.storageDownSince()).contains(START);
    assertThat(down.storageError()).contains("storage_unavailable");
    trouble = () -> {};
    clock.advance(Duration.ofSeconds(1));
    assertThat(sender.health().isStorageReachable()).isTrue();
    trouble = SenderHealthTest::down;
    clock.advance(Duration.ofSeconds(10));
    assertThat(sender.health().storageDownSince()).contains(START.plusSeconds(12));
  }

  @Test
  void health_withAStorageThatThrowsWhatItMustNot_tellsTheClass() {
    WebhookSender sender = sender();
    trouble = () -> {
      throw new UnsupportedOperationException("find");
    };

    assertThat(sender.health().storageError()).contains("UnsupportedOperationException");
  }

  @Test
  void health_withAStorageThatCannotCount_isUpWithoutNumbers() {
    WebhookSender sender = sender();
    trouble = () -> {
      if (calls.contains("backlog")) {
        throw new UnsupportedOperationException("backlog");
      }
    };

    Health health = sender.health();

    assertThat(health.status()).isEqualTo(HealthStatus.UP);
    assertThat(health.countedAt()).isEmpty();
  }

  @Test
  void health_withAStorageThatHangs_answersAfterTwoSecondsAndThenAtOnce()
      throws InterruptedException {
    CountDownLatch released = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    trouble = () -> awaitUninterruptibly(released);
    WebhookSender sender = sender(task -> {
      Thread thread = new Thread(() -> {
        task.run();
        over.countDown();
      });
      thread.setDaemon(true);
      thread.start();
    });
    long start = System.nanoTime();

    Health first = sender.health();

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(10));
    assertThat(first.storageCheckedAt()).isEqualTo(START);
    assertThat(first.storageDownSince()).contains(START);
    assertThat(first.storageError()).contains(StorageHealth.NO_ANSWER);
    clock.advance(Duration.ofMinutes(1));
    for (int i = 0; i < 1_000; i++) {
      Health next = sender.health();
      assertThat(next.storageCheckedAt()).isEqualTo(START);
      assertThat(next.storageDownSince()).contains(START);
      assertThat(next.storageError()).isEqualTo(first.storageError());
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    assertThat(calls).containsExactly("find");
    trouble = () -> {};
    released.countDown();
    over.await();
    assertThat(sender.health().isStorageReachable()).isTrue();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void health_whileAWriteHangs_isDownAfterFiveSecondsAndUpWhenItReturns()
      throws InterruptedException {
    CountDownLatch released = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(1);
    WebhookSender sender = sender();
    trouble = () -> {
      if (calls.get(calls.size() - 1).equals("publish")) {
        inside.countDown();
        awaitUninterruptibly(released);
      }
    };
    Thread publishing = new Thread(() -> publish(sender));
    publishing.start();
    inside.await();

    clock.advance(Duration.ofMillis(4_999));
    assertThat(sender.health().status()).isEqualTo(HealthStatus.UP);
    clock.advance(Duration.ofMillis(1));

    Health hanging = sender.health();
    assertThat(hanging.status()).isEqualTo(HealthStatus.DOWN);
    assertThat(hanging.storageDownSince()).contains(START);
    assertThat(hanging.storageError()).contains(StorageHealth.HANGS);
    assertThat(hanging.waitingSince()).contains(START);
    released.countDown();
    publishing.join();
    assertThat(sender.health().status()).isEqualTo(HealthStatus.UP);
    assertThat(sender.health().lastWrite()).contains(START.plusSeconds(5));
  }

  private static void publish(WebhookSender sender) {
    sender.publish(
        Environment.PRODUCTION,
        Event.builder(EventName.CONTACT_CREATED).timestamp(START).build());
  }

  @Test
  void health_whileAllWritesFail_isDownAfterFiveSecondsUntilOneIsDone() {
    WebhookSender sender = sender();
    trouble = () -> {
      if (calls.get(calls.size() - 1).equals("publish")) {
        down();
      }
    };
    assertThatThrownBy(() -> publish(sender)).isInstanceOf(StorageException.class);
    clock.advance(Duration.ofSeconds(5));
    assertThat(sender.health().status()).isEqualTo(HealthStatus.UP);

    assertThatThrownBy(() -> publish(sender)).isInstanceOf(StorageException.class);

    assertThat(sender.health().status()).isEqualTo(HealthStatus.DOWN);
    assertThat(sender.health().storageError()).contains("storage_unavailable");
    trouble = () -> {};
    publish(sender);
    assertThat(sender.health().status()).isEqualTo(HealthStatus.UP);
  }

  @Test
  void health_ofAStartedAndThenAStoppedSender_tellsThePhase() {
    WebhookSender sender = WebhookSender.builder(storage).build();
    sender.start();
    assertThat(sender.health().isStarted()).isTrue();

    sender.close();

    assertThat(sender.health().status()).isEqualTo(HealthStatus.DOWN);
    assertThat(sender.health().isStopped()).isTrue();
  }

  @Test
  void health_ofAStoppedSenderThatNeverLooked_isDownAndThrowsNothing() {
    WebhookSender sender = WebhookSender.builder(storage).build();
    sender.close();

    assertThat(sender.health().storageError()).contains(StorageHealth.NOT_CHECKED);
  }

  @Test
  void listener_ofASenderThatIsBuilt_getsItsHealth() {
    List<Supplier<Health>> sources = new ArrayList<>();
    WebhookSender sender = WebhookSender.builder(storage)
        .clock(clock)
        .storageExecutor(Runnable::run)
        .listener(new SenderListener() {
          @Override
          public void onBuilt(Supplier<Health> health) {
            sources.add(health);
          }
        })
        .build();

    assertThat(sources).hasSize(1);
    assertThat(sources.get(0).get()).isEqualTo(sender.health());
  }
}
