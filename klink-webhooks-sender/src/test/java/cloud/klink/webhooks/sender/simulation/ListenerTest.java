package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.logs.CapturedLog;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.simulation.SenderFixture.Reply;
import cloud.klink.webhooks.sender.storage.InterceptedStorage;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** What listeners are told, and that whatever they do harms nobody else, on virtual time. */
class ListenerTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Told told = new Told();

  private record PauseCall(String webhookId, Pause pause, List<Attempt> failures) {}

  /** Writes down what it is told, in a word each. */
  private static class Told implements SenderListener {
    final List<String> words = new ArrayList<>();
    final List<PauseCall> pauses = new ArrayList<>();
    final List<String> recoveries = new ArrayList<>();

    @Override
    public void onAttempt(AttemptEvent event) {
      words.add("attempt " + event.attempt().number());
    }

    @Override
    public void onSuccess(AttemptEvent event) {
      words.add("success");
    }

    @Override
    public void onFailure(AttemptEvent event) {
      words.add("failure");
    }

    @Override
    public void onExhausted(AttemptEvent event) {
      words.add("exhausted");
    }

    @Override
    public void onPaused(String webhookId, Pause pause, List<Attempt> failures) {
      words.add("paused");
      pauses.add(new PauseCall(webhookId, pause, failures));
    }

    @Override
    public void onResumed(String webhookId) {
      words.add("resumed");
    }

    @Override
    public void onRecovered(String webhookId, long failures, Instant failingSince) {
      words.add("recovered");
      recoveries.add(webhookId + " " + failures + " " + failingSince);
    }
  }

  private SenderFixture fixture() {
    return new SenderFixture(new InMemoryStorage(), builder -> builder.listener(told));
  }

  @Test
  void delivery_thatFailsAndSucceeds_isToldAttemptByAttemptAndThenTheRecovery() {
    SenderFixture fixture = fixture();
    fixture.answer(number -> Reply.status(number < 3 ? 500 : 200));
    fixture.publish();
    fixture.pass(Duration.ofMinutes(3));

    assertThat(told.words)
        .containsExactly(
            "attempt 1", "failure", "attempt 2", "failure", "attempt 3", "success", "recovered");
    Instant firstFailure = fixture.starts.get(0).plusMillis(20);
    assertThat(told.recoveries).containsExactly(fixture.webhook.id() + " 2 " + firstFailure);
  }

  @Test
  void delivery_thatSucceedsAtOnce_isNoRecovery() {
    SenderFixture fixture = fixture();
    fixture.publish();
    fixture.publish();
    fixture.pass(MINUTE);

    assertThat(told.words).containsExactly("attempt 1", "success", "attempt 1", "success");
  }

  @Test
  void delivery_thatFailsForGood_isExhausted() {
    SenderFixture fixture = fixture();
    fixture.answer(number -> Reply.status(500));
    fixture.publish();
    fixture.pass(Duration.ofMinutes(10));

    assertThat(told.words).hasSize(8).endsWith("failure", "attempt 4", "exhausted");
  }

  @Test
  void pause_byFailures_isToldWithThoseThatLedToItNewestFirst() {
    SenderFixture fixture = fixture();
    fixture.answer(number -> Reply.status(500));
    fixture.publish(100);
    fixture.pass(MINUTE);

    assertThat(told.pauses).hasSize(1);
    PauseCall event = told.pauses.get(0);
    assertThat(event.webhookId()).isEqualTo(fixture.webhook.id());
    assertThat(event.pause()).isEqualTo(fixture.reread().orElseThrow().pause().orElseThrow());
    assertThat(event.pause().cause()).isEqualTo(PauseCause.FAILURES);
    assertThat(event.failures())
        .hasSize(51)
        .isSortedAccordingTo(Comparator.comparing(Attempt::endedAt).reversed())
        .allSatisfy(
            failure -> assertThat(fixture.sender.deliveries().attempts(failure.deliveryId()))
                .contains(failure));
  }

  /** Since then, it was resumed and has failed often. */
  @Test
  void pause_thatIsToldLate_isToldWithThoseThatLedToItOnly() {
    List<Runnable> held = new ArrayList<>();
    SenderFixture fixture = new SenderFixture(builder -> builder
        .listener(told)
        .listenerExecutor(held::add)
        .policy(DeliveryPolicy.builder().pausesWhenGone(true).build()));
    fixture.answer(number -> Reply.status(number == 1 ? 410 : 500));
    fixture.publish();
    fixture.pass(MINUTE);
    for (int i = 0; i < 4; i++) {
      fixture.sender.webhooks().resume(fixture.webhook.id());
      fixture.publish(60);
      fixture.pass(Duration.ofMinutes(10));
    }
    while (!held.isEmpty()) {
      held.remove(0).run();
    }

    assertThat(told.pauses).hasSize(5);
    assertThat(told.pauses.get(0).failures())
        .singleElement()
        .satisfies(gone -> assertThat(gone.result().status()).hasValue(410));
    assertThat(told.pauses.subList(1, 5)).allSatisfy(call -> {
      Instant since = call.pause().since();
      assertThat(call.failures())
          .hasSize(51)
          .allSatisfy(failure -> assertThat(failure.endedAt()).isBeforeOrEqualTo(since));
    });
  }

  @Test
  void pause_whoseFailuresCannotBeRead_isToldWithout() {
    InMemoryStorage storage = new InMemoryStorage();
    SenderFixture fixture =
        new SenderFixture(failing(storage, "failures"), builder -> builder.listener(told));
    fixture.answer(number -> Reply.status(500));
    fixture.publish(100);
    fixture.pass(MINUTE);

    assertThat(told.pauses).hasSize(1);
    assertThat(told.pauses.get(0).failures()).isEmpty();
  }

  static Storage failing(Storage storage, String name) {
    return InterceptedStorage.of(storage, call -> {
      if (call.is(name)) {
        throw new StorageException(SenderReason.STORAGE_UNAVAILABLE, "down", null);
      }
      return call.proceed();
    });
  }

  @Test
  void pauseAndResume_byPeople_areToldOnceEach() {
    SenderFixture fixture = fixture();
    String id = fixture.webhook.id();

    fixture.sender.webhooks().pause(id, "maintenance");
    fixture.sender.webhooks().pause(id, "again");
    fixture.pass(MINUTE);
    fixture.sender.webhooks().resume(id);
    fixture.sender.webhooks().discardAndResume(id);
    fixture.pass(MINUTE);

    assertThat(told.words).containsExactly("paused", "resumed");
    assertThat(told.pauses.get(0).pause().cause()).isEqualTo(PauseCause.REQUESTED);
    assertThat(told.pauses.get(0).pause().reason()).isEqualTo("maintenance");
    assertThat(told.pauses.get(0).failures()).isEmpty();
  }

  @Test
  void listener_thatThrows_isToldOnAndLoggedOnceForEachClass() {
    Told throwing = new Told() {
      @Override
      public void onAttempt(AttemptEvent event) {
        super.onAttempt(event);
        if (words.size() % 4 == 1) {
          throw new AssertionError("an Error");
        }
        throw new IllegalStateException("an exception");
      }
    };
    try (CapturedLog log = CapturedLog.from(Level.ERROR)) {
      SenderFixture fixture = new SenderFixture(
          new InMemoryStorage(), builder -> builder.listener(throwing).listener(told));
      fixture.publish(30);
      fixture.pass(MINUTE);

      assertThat(throwing.words).hasSize(60).startsWith("attempt 1", "success", "attempt 1");
      assertThat(told.words).isEqualTo(throwing.words);
      assertThat(log.lines())
          .extracting(line -> line.exception().getClass().getSimpleName())
          .containsExactlyInAnyOrder("AssertionError", "IllegalStateException");
    }
  }

  @Test
  void listener_thatTakesNothing_losesEventsAndHoldsUpNobody() {
    try (CapturedLog log = CapturedLog.from(Level.WARN)) {
      Queue<Runnable> untaken = new ArrayDeque<>();
      SenderFixture fixture = new SenderFixture(
          new InMemoryStorage(), builder -> builder.listener(told).listenerExecutor(untaken::add));
      fixture.publish(10_000);
      fixture.publish(7);
      fixture.pass(Duration.ofMinutes(5));
      assertThat(fixture.starts).hasSize(10_007);
      assertThat(log.lines()).hasSize(1);
      assertThat(log.lines().get(0).text()).contains(Told.class.getName(), "too slow");

      while (!untaken.isEmpty()) {
        untaken.remove().run();
      }

      assertThat(told.words).hasSize(20_000);
    }
  }

  @Test
  void listener_thatIsSlowAndToldLargeTexts_holdsNoMoreMemoryThanItMay() {
    Queue<Runnable> untaken = new ArrayDeque<>();
    SenderFixture fixture = new SenderFixture(
        new InMemoryStorage(), builder -> builder.listener(told).listenerExecutor(untaken::add));
    fixture.answer(number -> new Reply(Duration.ofMillis(20), 200, "x".repeat(4_000)));
    fixture.publish(6_000);
    fixture.pass(Duration.ofMinutes(5));
    assertThat(fixture.starts).hasSize(6_000);

    while (!untaken.isEmpty()) {
      untaken.remove().run();
    }

    assertThat(told.words).hasSizeBetween(2 * 3_000, 2 * 4_200);
  }

  @Test
  void stop_withAListenerThatTakesNothing_waitsForASecond() {
    Queue<Runnable> untaken = new ArrayDeque<>();
    SenderFixture fixture = new SenderFixture(
        new InMemoryStorage(), builder -> builder.listener(told).listenerExecutor(untaken::add));
    fixture.publish();
    fixture.pass(MINUTE);

    CompletableFuture<Void> stopped = fixture.sender.stop(Duration.ofSeconds(10));

    fixture.pass(Duration.ofMillis(900));
    assertThat(stopped).isNotDone();
    fixture.pass(Duration.ofMillis(200));
    assertThat(stopped).isCompleted();
    untaken.remove().run();
    assertThat(told.words).isEmpty();
  }

  @Test
  void stop_withAListenerThatKeepsUp_tellsAllAndThenNothing() {
    SenderFixture fixture = fixture();
    fixture.publish(20);
    fixture.pass(Duration.ofMillis(10));

    CompletableFuture<Void> stopped = fixture.sender.stop(Duration.ofSeconds(10));

    fixture.pass(Duration.ofMillis(500));
    assertThat(stopped).isCompleted();
    assertThat(told.words).hasSize(2 * fixture.starts.size()).isNotEmpty();
    fixture.sender.webhooks().pause(fixture.webhook.id(), null);
    fixture.pass(MINUTE);
    assertThat(told.words).doesNotContain("paused");
  }
}
