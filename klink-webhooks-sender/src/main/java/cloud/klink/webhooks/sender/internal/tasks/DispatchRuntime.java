package cloud.klink.webhooks.sender.internal.tasks;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
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
 * @param tracer traces attempts
 */
public record DispatchRuntime(
    Clock clock,
    ScheduledExecutorService timer,
    Executor storage,
    Executor attempts,
    RandomGenerator random,
    SafeTracer tracer) {

  /** The time, as precise as storages keep it. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /**
   * Runs a task later.
   *
   * @return what cancels it, or null if the timer refused: it was shut down, or is of no use now
   */
  @Nullable
  public Future<?> later(Duration delay, Runnable task) {
    SubmittedTask handed = new SubmittedTask(task);
    try {
      return timer.schedule(handed, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (Throwable e) { // whatever a timer of the user's throws
      handed.takeBack();
      return null;
    }
  }

  /**
   * Runs a task soon, once or not at all. The caller holds no lock, since an executor may run it in
   * the caller's thread; it does so after the task that the thread is running.
   *
   * @param executor what runs it
   * @param task the task
   * @return why the executor refused, whatever it threw; null if it did not
   */
  public static @Nullable Throwable run(Executor executor, Runnable task) {
    return SubmittedTask.to(executor, task);
  }
}
