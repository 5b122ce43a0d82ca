package cloud.klink.webhooks.sender.internal.notify;

import cloud.klink.webhooks.sender.internal.tasks.LogThrottle;
import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.internal.tasks.SerialTask;
import cloud.klink.webhooks.sender.internal.tasks.TaskTimer;
import cloud.klink.webhooks.sender.listener.SenderListener;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls that one listener has not received yet. Adding a call never blocks. Beyond the limit,
 * calls are dropped and counted. The listener's exceptions are logged.
 */
final class ListenerQueue {
  static final int MAX_CALLS = 10_000;
  private static final long MAX_SIZE = 16 << 20;

  /** The most calls of one run, so that other listeners get a thread, too. */
  private static final int MAX_CALLS_PER_RUN = 100;

  private static final int MAX_FAILURE_CLASSES = 100;

  private static final Logger LOG = LoggerFactory.getLogger(ListenerQueue.class);

  private final SenderListener listener;
  private final Clock clock;
  private final SerialTask task;
  private final ArrayDeque<ListenerCall> calls = new ArrayDeque<>();
  private final LogThrottle warnings = new LogThrottle(Duration.ofMinutes(1));
  private final Set<String> failureClasses = new HashSet<>();
  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private long size;
  private long dropped;
  private boolean finishing;
  private boolean closed;

  /** An empty queue. */
  ListenerQueue(SenderListener listener, Executor executor, TaskTimer timer) {
    this.listener = listener;
    this.clock = timer.clock();
    this.task = new SerialTask(
        "Calling the listener " + name(), timer, executor, this::run, this::checkFinished);
  }

  void put(ListenerCall call) {
    long missed = 0;
    synchronized (this) {
      if (closed) {
        return;
      }
      if (calls.size() >= MAX_CALLS || size + call.size() > MAX_SIZE) {
        dropped++;
        missed = warnings.tryAcquire(clock.instant()) ? dropped : 0;
      } else {
        calls.add(call);
        size += call.size();
      }
    }
    if (missed > 0) {
      long count = missed;
      SafeRunner.log(() ->
          LOG.warn("The listener {} is too slow; it has missed {} events so far", name(), count));
    }
    task.request();
  }

  private void run() {
    for (int i = 0; i < MAX_CALLS_PER_RUN; i++) {
      ListenerCall call = next();
      if (call == null) {
        return;
      }
      call.calls().forEach(this::call);
    }
    task.request();
  }

  private synchronized @Nullable ListenerCall next() {
    ListenerCall call = calls.poll();
    size -= call == null ? 0 : call.size();
    return call;
  }

  private void checkFinished() {
    boolean isFinished;
    synchronized (this) {
      boolean isQuiet = calls.isEmpty() ? !task.isRunning() : task.isFailing();
      isFinished = finishing && isQuiet;
    }
    if (isFinished) {
      finished.complete(null);
    }
  }

  private void call(Consumer<SenderListener> call) {
    try {
      call.accept(listener);
    } catch (Throwable e) { // an Error, too, since it would end the thread
      boolean isNew;
      synchronized (this) {
        isNew = failureClasses.size() < MAX_FAILURE_CLASSES
            && failureClasses.add(e.getClass().getName());
      }
      SafeRunner.log(() -> {
        if (isNew) {
          LOG.error(
              "The listener {} failed; this does not affect deliveries, and is logged once for each"
                  + " class of exception",
              name(),
              e);
        } else {
          LOG.debug("The listener {} failed again", name(), e);
        }
      });
    }
  }

  /** How many events the listener has missed. */
  synchronized long dropped() {
    return dropped;
  }

  /** Done when the listener has received all calls, or when no thread is available for them. */
  CompletableFuture<Void> finished() {
    synchronized (this) {
      finishing = true;
    }
    checkFinished();
    return finished;
  }

  /** Makes no more calls, except for the one in progress. */
  void close() {
    task.stop();
    int lost = clear();
    if (lost > 0) {
      SafeRunner.log(() -> LOG.warn(
          "The listener {} missed the last {} events: the sender has stopped", name(), lost));
    }
  }

  private synchronized int clear() {
    closed = true;
    int lost = calls.size();
    dropped += lost;
    calls.clear();
    size = 0;
    return lost;
  }

  private String name() {
    return listener.getClass().getName();
  }
}
