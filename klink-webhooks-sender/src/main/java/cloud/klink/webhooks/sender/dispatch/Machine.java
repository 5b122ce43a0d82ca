package cloud.klink.webhooks.sender.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a dispatcher runs on: time and threads, all handed in.
 *
 * @param clock tells the time
 * @param timer runs short tasks later
 * @param storage runs calls to the storage, which block: one claims, one writes outcomes, one gives
 *     leases back, one sweeps, one looks how it is, one removes what is old
 * @param attempts runs attempts, which may block: a thread for each that may run at the same time
 * @param random what jitter comes from
 */
public record Machine(
    Clock clock,
    ScheduledExecutorService timer,
    Executor storage,
    Executor attempts,
    RandomGenerator random) {

  /** The time, as precise as storages keep it. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /**
   * Runs a task later.
   *
   * @return what cancels it, or null if the timer was shut down: then nobody waits for it any more
   */
  @Nullable
  Future<?> later(Duration delay, Runnable task) {
    try {
      return timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return null;
    }
  }

  /** Runs a task, or not if the executor was shut down: then nobody waits for it any more. */
  static boolean run(Executor executor, Runnable task) {
    try {
      executor.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }
}
