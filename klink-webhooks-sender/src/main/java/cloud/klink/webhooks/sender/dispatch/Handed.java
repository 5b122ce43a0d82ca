package cloud.klink.webhooks.sender.dispatch;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A task in the hands of an executor, which may be anything: one that throws may have taken the
 * task all the same, and one that runs it in the caller's thread does so within the call. The task
 * is run once or taken back, and never within the call, so that no stack grows.
 */
final class Handed implements Runnable {
  /** Set while this thread hands something on: what is run within that, and must wait. */
  private static final ThreadLocal<Queue<Runnable>> WITHIN = new ThreadLocal<>();

  private final AtomicReference<@Nullable Runnable> task;

  Handed(Runnable task) {
    this.task = new AtomicReference<>(task);
  }

  /**
   * Hands a task to an executor. The caller holds no lock, since the task may be run by this thread
   * before this returns.
   *
   * @return why the task will not be run; null if it will
   */
  static @Nullable Throwable to(Executor executor, Runnable task) {
    Handed handed = new Handed(task);
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

  /** Whether it will not be run any more. */
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
