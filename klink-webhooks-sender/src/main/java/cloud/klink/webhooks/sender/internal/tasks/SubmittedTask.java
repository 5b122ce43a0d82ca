package cloud.klink.webhooks.sender.internal.tasks;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A task for an executor of any kind. An executor that throws may still have accepted the task, and
 * another may run it in the caller's thread. The task runs once or is withdrawn, and never runs
 * within the call to the executor, so that the stack does not grow.
 */
final class SubmittedTask implements Runnable {
  /**
   * The tasks that the executor has run in this thread while it was submitting, and that must wait.
   * Set during a submission.
   */
  private static final ThreadLocal<Queue<Runnable>> DEFERRED = new ThreadLocal<>();

  private final AtomicReference<@Nullable Runnable> task;

  SubmittedTask(Runnable task) {
    this.task = new AtomicReference<>(task);
  }

  /**
   * Submits a task to an executor. The caller must hold no lock, since this thread may run the task
   * before this returns.
   *
   * @return what the executor threw if the task will not run; null otherwise
   */
  static @Nullable Throwable to(Executor executor, Runnable task) {
    SubmittedTask submitted = new SubmittedTask(task);
    Queue<Runnable> outer = DEFERRED.get();
    if (outer != null) {
      return submitted.to(executor);
    }
    Queue<Runnable> deferred = new ArrayDeque<>(2);
    DEFERRED.set(deferred);
    try {
      Throwable refused = submitted.to(executor);
      for (Runnable next = deferred.poll(); next != null; next = deferred.poll()) {
        next.run();
      }
      return refused;
    } finally {
      DEFERRED.remove();
    }
  }

  private @Nullable Throwable to(Executor executor) {
    try {
      executor.execute(this);
      return null;
    } catch (Throwable e) { // an OutOfMemoryError, too, if no thread can be started
      return withdraw() ? e : null;
    }
  }

  /** Withdraws the task; returns false if it has run or is running. */
  boolean withdraw() {
    return task.getAndSet(null) != null;
  }

  @Override
  public void run() {
    Runnable taken = task.getAndSet(null);
    Queue<Runnable> deferred = DEFERRED.get();
    if (taken != null && deferred != null) {
      deferred.add(taken);
    } else if (taken != null) {
      taken.run();
    }
  }
}
