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
 * Time, and short tasks that run later.
 *
 * @param clock tells the time
 * @param executor only {@code schedule(Runnable, long, TimeUnit)} is used
 */
public record TaskTimer(Clock clock, ScheduledExecutorService executor) {
  /** The time, as precise as storages keep it. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /**
   * Runs a task later.
   *
   * @return what cancels it, or null if the timer refused, whatever it threw
   */
  @Nullable
  public Future<?> later(Duration delay, Runnable task) {
    SubmittedTask submitted = new SubmittedTask(task);
    try {
      return executor.schedule(submitted, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (Throwable e) { // whatever a timer of the user's throws
      submitted.takeBack();
      return null;
    }
  }
}
