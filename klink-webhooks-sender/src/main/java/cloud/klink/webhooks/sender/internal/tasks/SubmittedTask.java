package cloud.klink.webhooks.sender.internal.tasks;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A task that was submitted to an executor of any kind. One that throws may have accepted the task
 * all the same, and one that runs it in the caller's thread does so within the call. The task runs
 * once or is taken back, and never runs within the call, so that no stack grows.
 */
final class SubmittedTask implements Runnable {
  /**
   * Set while this thread submits something: tasks that the executor runs meanwhile, and must wait.
   */
  private static final ThreadLocal<Queue<Runnable>> WITHIN = new ThreadLocal<>();

  private final AtomicReference<@Nullable Runnable> task;

  SubmittedTask(Runnable task) {
    this.task = new AtomicReference<>(task);
  }

  /**
   * Submits a task to an executor. The caller holds no lock, since this thread may run the task
   * before this returns.
   *
   * @return why the task will not run; null if it will
   */
  static @Nullable Throwable to(Executor executor, Runnable task) {
    SubmittedTask handed = new SubmittedTask(task);
    Queue<Runnable> outer = WITHIN.get();
    if (outer != null) {
      return handed.to(executor);
    }
    Queue<Runnable> within = new ArrayDeque<>(2);
    WITHIN.set(within);
    try {
      Throwable refused = handed.to(executor);
      for (Runnable next = within.poll(); next != null; next = within.poll()) {
        next.run();
      }
      return refused;
    } finally {
      WITHIN.remove();
    }
  }

  private @Nullable Throwable to(Executor executor) {
    try {
      executor.execute(this);
      return null;
    } catch (Throwable e) { // an OutOfMemoryError too, for want of a thread
      return takeBack() ? e : null;
    }
  }

  /** Takes the task back; false if it has run or is running. */
  boolean takeBack() {
    return task.getAndSet(null) != null;
  }

  @Override
  public void run() {
    Runnable mine = task.getAndSet(null);
    Queue<Runnable> within = WITHIN.get();
    if (mine != null && within != null) {
      within.add(mine);
    } else if (mine != null) {
      mine.run();
    }
  }
}
