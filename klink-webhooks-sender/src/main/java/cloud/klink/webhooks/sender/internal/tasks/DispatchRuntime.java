package cloud.klink.webhooks.sender.internal.tasks;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a dispatcher runs on: time and threads, all handed in.
 *
 * @param timer tells the time, and runs short tasks later
 * @param storage runs calls to the storage, which block: claims, outcomes, releases of leases,
 *     cancellations, health checks and removal run side by side
 * @param attempts runs attempts, which may block: a thread for each that may run at the same time
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

  /** The time, as precise as storages keep it. */
  public Instant now() {
    return timer.now();
  }

  /**
   * Runs a short task later.
   *
   * @return what cancels it, or null if the timer refused, whatever it threw
   */
  @Nullable
  public Future<?> later(Duration delay, Runnable task) {
    return timer.later(delay, task);
  }

  /**
   * Runs a task soon, once or not at all. The caller holds no lock, since an executor may run the
   * task in the caller's thread; then it runs after the task that this thread is submitting.
   *
   * @param executor runs it
   * @param task the task
   * @return why the executor refused, whatever it threw; null if it did not
   */
  public static @Nullable Throwable run(Executor executor, Runnable task) {
    return SubmittedTask.to(executor, task);
  }
}
