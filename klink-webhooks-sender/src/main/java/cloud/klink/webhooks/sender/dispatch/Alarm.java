package cloud.klink.webhooks.sender.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** When to claim next: one timer, set to the earliest time that anybody asked for. */
final class Alarm {
  private static final Duration WATCH = Duration.ofMillis(1);

  private final Machine machine;
  private final Runnable task;
  private final Duration longest;
  private @Nullable Future<?> timer;
  private Instant at = Instant.MAX;
  private Duration watch = Duration.ZERO;

  Alarm(Machine machine, Runnable task, Duration longest) {
    this.machine = machine;
    this.task = task;
    this.longest = longest;
  }

  synchronized void set(Duration delay) {
    Instant time = machine.now().plus(delay);
    if (timer != null && !time.isBefore(at)) {
      return;
    }
    cancel();
    timer = machine.later(delay, this::ring);
    at = timer == null ? Instant.MAX : time;
  }

  /** After a claim: as asked, or sooner while something is expected, more seldom each time. */
  synchronized void setAfterClaim(Duration delay) {
    if (!watch.isZero()) {
      watch = watch.multipliedBy(2);
      watch = watch.compareTo(longest) < 0 ? watch : Duration.ZERO;
    }
    set(watch.isZero() || delay.compareTo(watch) < 0 ? delay : watch);
  }

  /** Something is expected at any moment. */
  synchronized void watch() {
    watch = WATCH;
    set(WATCH);
  }

  synchronized void cancel() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
      at = Instant.MAX;
    }
  }

  private void ring() {
    synchronized (this) {
      timer = null;
      at = Instant.MAX;
    }
    task.run();
  }
}
