package cloud.klink.webhooks.sender.internal.tasks;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A clock, and a timer for short tasks.
 *
 * @param clock the clock
 * @param executor only {@code schedule(Runnable, long, TimeUnit)} is used
 */
public record TaskTimer(Clock clock, ScheduledExecutorService executor) {
  /** The time, to the microsecond as storages keep it. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /**
   * Runs a task later.
   *
   * @return a handle that cancels the task, or null if the timer threw an exception
   */
  @Nullable
  public Future<?> later(Duration delay, Runnable task) {
    SubmittedTask submitted = new SubmittedTask(task);
    try {
      return executor.schedule(submitted, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (Throwable e) { // a timer of the user's may throw anything
      submitted.withdraw();
      return null;
    }
  }
}
