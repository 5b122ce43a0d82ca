package cloud.klink.webhooks.sender.internal.tasks;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A timer that is set to the earliest requested time. It runs a short task in the timer's thread.
 * If the task throws, it runs again after a back-off.
 */
public final class Wakeup {
  private final TaskTimer timer;
  private final Runnable task;
  private final Backoff backoff;
  private @Nullable Future<?> scheduled;
  private Instant at = Instant.MAX;

  /** A timer that is not set. */
  public Wakeup(TaskTimer timer, Runnable task) {
    this.timer = timer;
    this.task = task;
    this.backoff = new Backoff("A task of the timer", timer);
  }

  /** Sets the timer to a delay, or to zero if it is negative, unless an earlier time is set. */
  public synchronized void set(Duration delay) {
    Instant time = timer.now().plus(delay);
    if (time.isBefore(at)) {
      cancel();
      at = time;
      scheduled = later(delay);
    } else {
      ensureSet();
    }
  }

  /**
   * Sets the timer again if it was refused before. To be called from time to time.
   *
   * @return whether the timer is set
   */
  public synchronized boolean ensureSet() {
    if (scheduled == null && isSet()) {
      scheduled = later(Duration.between(timer.now(), at));
    }
    return scheduled != null;
  }

  /** Whether a time is set, even if the timer was refused. */
  public synchronized boolean isSet() {
    return !at.equals(Instant.MAX);
  }

  public synchronized void cancel() {
    if (scheduled != null) {
      scheduled.cancel(false);
    }
    scheduled = null;
    at = Instant.MAX;
  }

  private @Nullable Future<?> later(Duration delay) {
    return timer.later(delay.isNegative() ? Duration.ZERO : delay, this::fire);
  }

  private void fire() {
    synchronized (this) {
      scheduled = null;
      at = Instant.MAX;
    }
    try {
      task.run();
      backoff.succeeded();
    } catch (Throwable e) {
      set(backoff.failed(e));
    }
  }
}
