package cloud.klink.webhooks.sender.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
  private final AtomicBoolean unused = new AtomicBoolean();
  private final AtomicInteger ends = new AtomicInteger();
  private final SerialExecutor executor = new SerialExecutor(unused::get, ends::incrementAndGet);
  private final List<String> ran = new ArrayList<>();

  @Test
  void post_withinATask_runsAfterIt() {
    executor.post(() -> {
      executor.post(() -> ran.add("second"));
      ran.add("first");
    });

    assertThat(ran).containsExactly("first", "second");
  }

  @Test
  void afterwards_ofSeveralTasks_isCalledWhenNothingIsHeld() {
    executor.post(() -> {
      executor.afterwards(() -> {
        ran.add("callback");
        executor.post(() -> ran.add("of the callback"));
        ran.add("callback ends");
      });
      executor.post(() -> ran.add("task"));
    });

    assertThat(ran).containsExactly("task", "callback", "of the callback", "callback ends");
  }

  @Test
  void post_byManyThreads_runsOneAtATimeInTheOrderOfEach() throws InterruptedException {
    int threads = 8;
    int each = 5_000;
    int[] last = new int[threads];
    AtomicInteger mistakes = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      Thread thread = new Thread(() -> {
        try {
          start.await();
        } catch (InterruptedException e) {
          return;
        }
        for (int n = 1; n <= each; n++) {
          int mine = n;
          executor.post(
              () -> { // last is written by whichever thread runs it
                if (last[number] != mine - 1) {
                  mistakes.incrementAndGet();
                }
                last[number] = mine;
              });
        }
      });
      all.add(thread);
      thread.start();
    }

    start.countDown();
    for (Thread thread : all) {
      thread.join();
    }

    assertThat(last).containsOnly(each);
    assertThat(mistakes).hasValue(0);
  }

  @Test
  void task_thatThrows_keepsNoOtherFromRunning() {
    executor.post(() -> {
      executor.post(() -> {
        throw new AssertionError("an error");
      });
      executor.post(() -> ran.add("task"));
      executor.afterwards(() -> ran.add("callback"));
      throw new IllegalStateException("on purpose");
    });

    assertThat(ran).containsExactly("task", "callback");
    assertThat(executor.post(() -> ran.add("later"))).isTrue();
    assertThat(ran).endsWith("later");
  }

  @Test
  void mailbox_unused_endsAfterItsTasksAndTakesNoMore() {
    executor.post(() -> {
      unused.set(true);
      executor.post(() -> unused.set(false));
    });
    assertThat(ends).hasValue(0);

    executor.post(() -> unused.set(true));

    assertThat(ends).hasValue(1);
    assertThat(executor.post(() -> ran.add("too late"))).isFalse();
    assertThat(ran).isEmpty();
  }
}
