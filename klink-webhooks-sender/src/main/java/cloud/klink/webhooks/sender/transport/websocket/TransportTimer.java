package cloud.klink.webhooks.sender.transport.websocket;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A monotonic clock and delayed tasks, in nanoseconds. */
final class TransportTimer {
  private final ScheduledExecutorService executor;
  private final LongSupplier time;

  TransportTimer(ScheduledExecutorService executor, LongSupplier time) {
    this.executor = executor;
    this.time = time;
  }

  /** The time, from an arbitrary origin. */
  long now() {
    return time.getAsLong();
  }

  /** Runs a task after a delay; never, if the executor rejects it. */
  Timer later(long delay, Runnable task) {
    try {
      return new Timer(executor.schedule(task, Math.max(0, delay), TimeUnit.NANOSECONDS));
    } catch (RejectedExecutionException e) {
      return Timer.NONE;
    }
  }

  /** Cancels a task. */
  record Timer(@Nullable Future<?> future) {
    static final Timer NONE = new Timer(null);

    void cancel() {
      if (future != null) {
        future.cancel(false);
      }
    }
  }
}
