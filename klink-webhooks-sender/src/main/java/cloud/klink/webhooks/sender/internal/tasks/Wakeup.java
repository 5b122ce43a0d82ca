package cloud.klink.webhooks.sender.internal.tasks;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * When to do something next: one timer, set to the earliest time that anybody asked for. What it
 * does is done again a little later if it throws, and {@link #check} sets a timer that was refused.
 */
public final class Wakeup {
  private static final Duration WATCH = Duration.ofMillis(1);

  private final DispatchRuntime runtime;
  private final Runnable task;
  private final Duration longest;
  private final Backoff outage;
  private @Nullable Future<?> timer;
  private Instant at = Instant.MAX;
  private Duration watch = Duration.ZERO;

  public Wakeup(DispatchRuntime runtime, Runnable task, Duration longest) {
    this.runtime = runtime;
    this.task = task;
    this.longest = longest;
    this.outage = new Backoff("What is done at a time", runtime);
  }

  public synchronized void set(Duration delay) {
    Instant time = runtime.now().plus(delay);
    if (timer != null && !time.isBefore(at)) {
      return;
    }
    cancel();
    at = time;
    timer = runtime.later(delay, this::ring);
  }

  /** Sets the timer if it was refused before. To be called whenever something happens. */
  public synchronized void check() {
    if (timer == null && !at.equals(Instant.MAX)) {
      Duration delay = Duration.between(runtime.now(), at);
      timer = runtime.later(delay.isNegative() ? Duration.ZERO : delay, this::ring);
    }
  }

  /** After a claim: as asked, or sooner while something is expected, more seldom each time. */
  public synchronized void setAfterClaim(Duration delay) {
    if (!watch.isZero()) {
      watch = watch.multipliedBy(2);
      watch = watch.compareTo(longest) < 0 ? watch : Duration.ZERO;
    }
    set(watch.isZero() || delay.compareTo(watch) < 0 ? delay : watch);
  }

  /** Something is expected at any moment. */
  public synchronized void watch() {
    watch = WATCH;
    set(WATCH);
  }

  public synchronized void cancel() {
    if (timer != null) {
      timer.cancel(false);
    }
    timer = null;
    at = Instant.MAX;
  }

  private void ring() {
    synchronized (this) {
      timer = null;
      at = Instant.MAX;
    }
    try {
      task.run();
      outage.over();
    } catch (Throwable e) {
      set(outage.failed(e));
    }
  }
}
