package cloud.klink.webhooks.sender.internal.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.sender.logs.CapturedLog;
import cloud.klink.webhooks.sender.time.VirtualTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

class SerialTaskTest {
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);

  private final VirtualTimer time = new VirtualTimer();
  private final TaskTimer timer = new TaskTimer(time.clock(), time);
  private final List<String> seen = new ArrayList<>();
  private int refusals;
  private Runnable work = () -> seen.add("run");

  private final SerialTask task = new SerialTask(
      "Testing",
      timer,
      command -> {
        if (refusals > 0) {
          refusals--;
          throw new RejectedExecutionException("full");
        }
        time.execute(command);
      },
      () -> work.run(),
      () -> seen.add("after"));

  private void pass(Duration duration) {
    time.pass(duration);
  }

  private void runAll() {
    pass(Duration.ZERO);
  }

  @Test
  void request_idle_runsOnceAndThenWhatFollows() {
    task.request();
    assertThat(task.isRunning()).isTrue();

    runAll();

    assertThat(seen).containsExactly("run", "after");
    assertThat(task.isIdle()).isTrue();
  }

  @Test
  void request_beforeTheRunHasBegun_isOneMoreRun() {
    task.request();
    task.request();
    task.request();

    runAll();

    assertThat(seen).containsExactly("run", "after", "run", "after");
  }

  @Test
  void request_byTheRunItself_runsAgain() {
    work = () -> {
      seen.add("run");
      if (seen.size() < 4) {
        task.request();
      }
    };
    task.request();

    runAll();

    assertThat(seen).containsExactly("run", "after", "run", "after", "run", "after");
  }

  @Test
  void requestIn_severalTimes_runsAtTheEarliest() {
    task.requestIn(Duration.ofSeconds(3));
    task.requestIn(Duration.ofSeconds(1));
    task.requestIn(Duration.ofSeconds(2));

    pass(Duration.ofMillis(999));
    assertThat(seen).isEmpty();

    pass(Duration.ofSeconds(10));
    assertThat(seen).containsExactly("run", "after");
  }

  @Test
  void run_thatThrows_isRepeatedAfterBackoffAndSaysSoOnce() {
    AtomicInteger failures = new AtomicInteger(3);
    work = () -> {
      seen.add("run");
      if (failures.getAndDecrement() > 0) {
        throw new OutOfMemoryError("injected");
      }
    };
    try (CapturedLog log = CapturedLog.from(Level.INFO)) {
      task.request();
      runAll();
      assertThat(task.isFailing()).isTrue();
      assertThat(task.isRunning()).isFalse();
      assertThat(task.isIdle()).isFalse();

      pass(FIRST_BACKOFF.multipliedBy(1 + 2 + 4));

      assertThat(seen)
          .containsExactly("run", "after", "run", "after", "run", "after", "run", "after");
      assertThat(task.isFailing()).isFalse();
      assertThat(log.lines().stream().map(line -> line.level()))
          .containsExactly(Level.ERROR, Level.INFO);
    }
  }

  @Test
  void request_whileBackingOff_waitsForTheEndOfIt() {
    work = () -> {
      seen.add("run");
      if (seen.size() == 1) {
        throw new IllegalStateException("injected");
      }
    };
    task.request();
    runAll();

    task.request();
    task.requestIn(Duration.ZERO);
    pass(FIRST_BACKOFF.minusMillis(1));
    assertThat(seen).containsExactly("run", "after");

    pass(Duration.ofMillis(1));
    assertThat(seen).containsExactly("run", "after", "run", "after");
  }

  @Test
  void executor_thatRefuses_isTriedAgainAfterBackoff() {
    refusals = 2;
    task.request();
    assertThat(seen).containsExactly("after");

    pass(FIRST_BACKOFF.multipliedBy(1 + 2));

    assertThat(seen).containsExactly("after", "after", "run", "after");
  }

  private SerialTask failingOnce(TaskTimer timer) {
    AtomicInteger failures = new AtomicInteger(1);
    return new SerialTask(
        "Testing",
        timer,
        time,
        () -> {
          seen.add("run");
          if (failures.getAndDecrement() > 0) {
            throw new IllegalStateException("injected");
          }
        },
        () -> {});
  }

  @Test
  void timer_thatRefusesTheBackoff_isSetByTheNextCheck() {
    AtomicInteger timerRefusals = new AtomicInteger(1);
    TaskTimer refusing = new TaskTimer(time.clock(), new RefusingTimer(time, timerRefusals));
    SerialTask other = failingOnce(refusing);
    other.request();
    pass(Duration.ofMinutes(1));
    assertThat(seen).containsExactly("run");

    other.ensureSet();
    runAll();

    assertThat(seen).containsExactly("run", "run");
  }

  @Test
  void timer_thatRefusesForGood_doesNotHinderARequest() {
    TaskTimer refusing =
        new TaskTimer(time.clock(), new RefusingTimer(time, new AtomicInteger(1_000)));
    SerialTask other = failingOnce(refusing);
    other.request();
    runAll();

    other.request();
    runAll();

    assertThat(seen).containsExactly("run", "run");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stop_beforeARun_runsNothingMore(boolean isSubmitted) {
    task.requestIn(Duration.ofSeconds(1));
    if (isSubmitted) {
      task.request();
    }

    task.stop();
    task.request();
    task.requestIn(Duration.ZERO);
    pass(Duration.ofMinutes(1));

    assertThat(seen).doesNotContain("run");
    assertThat(task.isIdle()).isTrue();
  }

  @Test
  void stop_whileBackingOff_isIdleAtOnce() {
    work = () -> {
      throw new IllegalStateException("injected");
    };
    task.request();
    runAll();

    task.stop();

    assertThat(task.isIdle()).isTrue();
    assertThat(time.waiting()).isZero();
  }

  @Test
  void request_byManyThreads_runsOneAtATimeAndAfterTheLastRequest() throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    AtomicInteger requests = new AtomicInteger();
    AtomicInteger running = new AtomicInteger();
    AtomicInteger overlaps = new AtomicInteger();
    AtomicInteger lastSeen = new AtomicInteger();
    SerialTask shared = new SerialTask(
        "Testing",
        timer,
        threads,
        () -> {
          overlaps.addAndGet(running.getAndIncrement());
          lastSeen.set(requests.get());
          running.decrementAndGet();
        },
        () -> {});
    for (int i = 0; i < 4; i++) {
      threads.execute(() -> {
        for (int n = 0; n < 5_000; n++) {
          requests.incrementAndGet();
          shared.request();
        }
      });
    }

    await().atMost(Duration.ofSeconds(30)).until(() -> requests.get() == 20_000 && shared.isIdle());
    threads.shutdown();

    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(overlaps).hasValue(0);
    assertThat(lastSeen).hasValue(20_000);
  }
}
