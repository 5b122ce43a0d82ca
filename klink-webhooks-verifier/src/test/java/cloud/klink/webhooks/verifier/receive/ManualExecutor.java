package cloud.klink.webhooks.verifier.receive;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Keeps tasks until a test runs them; or rejects, or drops them without a word. */
final class ManualExecutor implements Executor {
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private Mode mode = Mode.KEEP;

  enum Mode {
    KEEP,
    REJECT,
    DROP,
    FAIL
  }

  void mode(Mode newMode) {
    this.mode = newMode;
  }

  @Override
  public void execute(Runnable task) {
    switch (mode) {
      case KEEP -> tasks.add(task);
      case REJECT -> throw new RejectedExecutionException();
      case DROP -> {}
      case FAIL -> throw new OutOfMemoryError("on purpose");
    }
  }

  /** Runs what is kept, and what comes meanwhile. */
  void runAll() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  int size() {
    return tasks.size();
  }
}
