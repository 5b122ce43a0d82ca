package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.internal.SafeLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What was acknowledged and is not done yet: a bounded set, kept beside the executor that works on
 * it. The executor is not trusted to keep what it is given: one that drops a task without a word
 * leaves it in the set, from where it is given to the executor again when later work comes or the
 * receiver is closed. A task that an executor runs twice runs once.
 */
final class AcknowledgedWork {
  /** How long a task may wait before it is given to the executor again. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final SafeLog LOG = SafeLog.of(AcknowledgedWork.class);

  private final Executor executor;
  private final int limit;
  private final Clock clock;
  private final ThreadFactory threads;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition emptied = lock.newCondition();
  private final Set<AcknowledgedTask> outstanding = new LinkedHashSet<>();
  private boolean closed;

  /**
   * An empty set.
   *
   * @param threads makes the thread that finishes what a shut down executor left
   */
  AcknowledgedWork(Executor executor, int limit, Clock clock, ThreadFactory threads) {
    this.executor = executor;
    this.limit = limit;
    this.clock = clock;
    this.threads = threads;
  }

  /** Takes a task on. False if it will never run, as when this throws and it was not started. */
  boolean offer(AcknowledgedTask task) {
    try {
      return take(task);
    } catch (Throwable e) {
      abandon(task);
      throw e;
    }
  }

  private boolean take(AcknowledgedTask task) {
    boolean taken;
    AcknowledgedTask forgotten;
    lock.lock();
    try {
      forgotten = forgotten();
      taken = !closed && outstanding.size() < limit;
      if (taken) {
        outstanding.add(task);
        task.submittedAt = clock.instant();
      }
    } finally {
      lock.unlock();
    }
    if (forgotten != null && !submit(forgotten)) {
      LOG.warn("The executor did not start an acknowledged event and now refuses it; it is kept");
    }
    return taken && (submit(task) || !abandon(task));
  }

  /** The oldest task that should have been started long ago. */
  private @Nullable AcknowledgedTask forgotten() {
    Instant now = clock.instant();
    for (AcknowledgedTask task : outstanding) {
      if (task.isWaiting()) {
        if (task.submittedAt.plus(PATIENCE).isAfter(now)) {
          return null;
        }
        task.submittedAt = now;
        return task;
      }
    }
    return null;
  }

  private boolean submit(AcknowledgedTask task) {
    try {
      executor.execute(() -> run(task));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    } catch (Throwable e) {
      // An Error, too: there may be no memory for one more thread.
      LOG.error("The executor for acknowledged events failed", e);
      return false;
    }
  }

  private void run(AcknowledgedTask task) {
    if (task.start()) {
      try {
        task.process();
      } finally {
        forget(task);
      }
    }
  }

  /** Takes a task back, unless it was started. */
  private boolean abandon(AcknowledgedTask task) {
    boolean abandoned = task.abandon();
    if (abandoned) {
      forget(task);
    }
    return abandoned;
  }

  private void forget(AcknowledgedTask task) {
    lock.lock();
    try {
      outstanding.remove(task);
      if (outstanding.isEmpty()) {
        emptied.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Accepts no more events, waits until the accepted ones are done, and gives what was not started,
   * and never will be, to the failure handler. Returns what is neither done nor given to it: what
   * is still running is among it.
   */
  List<AcknowledgedTask> close(Duration timeout) {
    List<AcknowledgedTask> refused = new ArrayList<>();
    for (AcknowledgedTask task : stopTaking()) {
      if (task.isWaiting() && !submit(task)) {
        refused.add(task);
      }
    }
    if (!refused.isEmpty()) {
      // The executor was shut down before the receiver was.
      threads.newThread(() -> refused.forEach(this::run)).start();
    }
    List<AcknowledgedTask> unfinished = new ArrayList<>();
    for (AcknowledgedTask task : awaitEmpty(timeout)) {
      // What was not begun goes to the failure handler; what is still running may yet succeed.
      if (!abandon(task) || !task.reportClosed()) {
        unfinished.add(task);
      }
    }
    return unfinished;
  }

  /** How many tasks were taken on and are not done. */
  int size() {
    lock.lock();
    try {
      return outstanding.size();
    } finally {
      lock.unlock();
    }
  }

  private List<AcknowledgedTask> stopTaking() {
    lock.lock();
    try {
      closed = true;
      return new ArrayList<>(outstanding);
    } finally {
      lock.unlock();
    }
  }

  private List<AcknowledgedTask> awaitEmpty(Duration timeout) {
    long nanos = timeout.toNanos();
    lock.lock();
    try {
      while (!outstanding.isEmpty() && nanos > 0) {
        nanos = emptied.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return stopTaking();
  }
}
