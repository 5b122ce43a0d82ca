package cloud.klink.webhooks.sender.transport.websocket;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after another, in the order in which they were posted, in the posting threads. A
 * thread that posts while a task runs leaves its task to the running thread. So the state of the
 * tasks needs no lock. Callbacks run after the tasks, while no lock is held.
 */
final class SerialExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);

  private final BooleanSupplier unused;
  private final Runnable whenEnded;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private List<Runnable> callbacks = new ArrayList<>();
  private boolean busy;
  private boolean ended;

  /**
   * An executor that ends when it has no task and is not used.
   *
   * @param unused whether it is not used; called when no task is left
   * @param whenEnded called once, when it has ended
   */
  SerialExecutor(BooleanSupplier unused, Runnable whenEnded) {
    this.unused = unused;
    this.whenEnded = whenEnded;
  }

  /**
   * Runs a task, now or soon.
   *
   * @return false if it has ended and the task will never run
   */
  boolean post(Runnable task) {
    synchronized (tasks) {
      if (ended) {
        return false;
      }
      tasks.add(task);
      if (busy) {
        return true;
      }
      busy = true;
    }
    run();
    return true;
  }

  /** Runs a callback after the tasks. To be called only by a task. */
  void afterwards(Runnable callback) {
    callbacks.add(callback);
  }

  private void run() {
    List<Runnable> due;
    while (true) {
      Runnable task;
      synchronized (tasks) {
        task = tasks.poll();
        if (task == null) {
          due = callbacks;
          callbacks = new ArrayList<>();
          ended = unused.getAsBoolean();
          if (ended) {
            due.add(whenEnded);
          }
          busy = false;
          break;
        }
      }
      run(task);
    }
    due.forEach(SerialExecutor::run);
  }

  /** Runs a task; if it throws, even an {@link Error}, the others still run. */
  private static void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      logFailure(e);
    }
  }

  private static void logFailure(Throwable e) {
    try {
      LOG.error("A task of a WebSocket failed", e);
    } catch (Throwable ignored) {
      // The logger itself failed.
    }
  }
}
