package cloud.klink.webhooks.sender.internal.tasks;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The time and threads of a dispatcher, all passed in from outside.
 *
 * @param timer the clock, and the timer for short tasks
 * @param storage runs calls to the storage, which block: claims, outcomes, releases of leases,
 *     cancellations, health checks and removal run side by side
 * @param attempts runs attempts, which may block; it has a thread for each concurrent attempt
 * @param random the source of jitter
 * @param tracer traces attempts
 */
public record DispatchRuntime(
    TaskTimer timer,
    Executor storage,
    Executor attempts,
    RandomGenerator random,
    SafeTracer tracer) {

  public Clock clock() {
    return timer.clock();
  }

  /** The time, to the microsecond as storages keep it. */
  public Instant now() {
    return timer.now();
  }

  /**
   * Runs a short task later.
   *
   * @return a handle that cancels the task, or null if the timer threw an exception
   */
  @Nullable
  public Future<?> later(Duration delay, Runnable task) {
    return timer.later(delay, task);
  }

  /**
   * Submits a task, which runs once or not at all. The caller must hold no lock, since an executor
   * may run the task in the caller's thread; it then runs after the task that this thread is
   * submitting.
   *
   * @param executor runs it
   * @param task the task
   * @return what the executor threw if the task will not run; null otherwise
   */
  public static @Nullable Throwable run(Executor executor, Runnable task) {
    return SubmittedTask.to(executor, task);
  }
}
