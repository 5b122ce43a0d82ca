package cloud.klink.webhooks.sender.transport.websocket;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after another in their order, in the threads that bring them. A thread that comes
 * while a task runs leaves its own behind and goes on. So what the tasks work on needs no lock.
 * Callbacks are run after the tasks, while nothing is held.
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
   * An executor that ends when no task is left and it is not used.
   *
   * @param unused asked between tasks
   * @param whenEnded told then, once
   */
  SerialExecutor(BooleanSupplier unused, Runnable whenEnded) {
    this.unused = unused;
    this.whenEnded = whenEnded;
  }

  /**
   * Runs a task, now or soon.
   *
   * @return false if it has ended: the task will never run
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

  /** For tasks: runs a callback after them. */
  void afterwards(Runnable callback) {
    callbacks.add(callback);
  }

  private void run() {
    List<Runnable> called;
    while (true) {
      Runnable task;
      synchronized (tasks) {
        task = tasks.poll();
        if (task == null) {
          called = callbacks;
          callbacks = new ArrayList<>();
          ended = unused.getAsBoolean();
          if (ended) {
            called.add(whenEnded);
          }
          busy = false;
          break;
        }
      }
      run(task);
    }
    called.forEach(SerialExecutor::run);
  }

  /** One that throws, an Error even, must not keep the others from running. */
  private static void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      say(e);
    }
  }

  private static void say(Throwable e) {
    try {
      LOG.error("A task of a WebSocket failed", e);
    } catch (Throwable ignored) {
      // The log itself fails: there is nowhere left to say so.
    }
  }
}
