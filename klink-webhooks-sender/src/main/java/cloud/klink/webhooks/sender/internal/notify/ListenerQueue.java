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
 * Calls that one listener has not received yet. Adding one never blocks. Beyond the limit, calls
 * are dropped and counted. What the listener throws is logged.
 */
final class ListenerQueue {
  static final int MAX_CALLS = 10_000;
  private static final long MAX_SIZE = 16 << 20;

  /** How many calls one run makes, so that other listeners get a turn if threads are few. */
  private static final int TURN = 100;

  private static final int MAX_KINDS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(ListenerQueue.class);

  private final SenderListener listener;
  private final Clock clock;
  private final SerialTask task;
  private final ArrayDeque<ListenerCall> calls = new ArrayDeque<>();
  private final LogThrottle complaints = new LogThrottle(Duration.ofMinutes(1));
  private final Set<String> kinds = new HashSet<>();
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
        "Calling the listener " + name(), timer, executor, this::callSome, this::noticeEnd);
  }

  void put(ListenerCall call) {
    long complaint = 0;
    synchronized (this) {
      if (closed) {
        return;
      }
      if (calls.size() >= MAX_CALLS || size + call.size() > MAX_SIZE) {
        dropped++;
        complaint = complaints.passes(clock.instant()) ? dropped : 0;
      } else {
        calls.add(call);
        size += call.size();
      }
    }
    if (complaint > 0) {
      long missed = complaint;
      SafeRunner.log(() -> LOG.warn(
          "The listener {} is too slow; events that it missed so far: {}", name(), missed));
    }
    task.request();
  }

  private void callSome() {
    for (int i = 0; i < TURN; i++) {
      ListenerCall call = next();
      if (call == null) {
        return;
      }
      call.calls().forEach(this::tell);
    }
    task.request();
  }

  private synchronized @Nullable ListenerCall next() {
    ListenerCall call = calls.poll();
    size -= call == null ? 0 : call.size();
    return call;
  }

  private void noticeEnd() {
    boolean isFinished;
    synchronized (this) {
      boolean isQuiet = calls.isEmpty() ? !task.isRunning() : task.isFailing();
      isFinished = finishing && isQuiet;
    }
    if (isFinished) {
      finished.complete(null);
    }
  }

  private void tell(Consumer<SenderListener> call) {
    try {
      call.accept(listener);
    } catch (Throwable e) { // an Error too, which would end the thread each time
      boolean isNew;
      synchronized (this) {
        isNew = kinds.size() < MAX_KINDS && kinds.add(e.getClass().getName());
      }
      SafeRunner.log(() -> {
        if (isNew) {
          LOG.error(
              "The listener {} failed, which affects nothing else; logged once per kind of failure",
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
    noticeEnd();
    return finished;
  }

  /** Makes no more calls, except for the one that is under way. */
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
