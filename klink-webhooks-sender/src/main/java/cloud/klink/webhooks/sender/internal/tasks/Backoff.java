package cloud.klink.webhooks.sender.internal.tasks;

import cloud.klink.webhooks.internal.Durations;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delay after consecutive failures of a task: 100 milliseconds, doubling to 5 seconds. The
 * first failure and the recovery are logged, at most once a minute. Never throws.
 */
public final class Backoff {
  private static final Logger LOG = LoggerFactory.getLogger(Backoff.class);
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration MAX = Duration.ofSeconds(5);

  private final String what;
  private final ThrottledErrorLog errors;
  private Duration delay = Duration.ZERO;
  private boolean isLogged;

  public Backoff(String what, TaskTimer timer) {
    this.what = what;
    this.errors = new ThrottledErrorLog(what + " failed; trying again", timer.clock());
  }

  /** Counts a failure, and returns how long to wait. */
  public synchronized Duration failed(Throwable e) {
    if (delay.isZero()) {
      delay = FIRST;
      isLogged = errors.log(e);
    } else {
      delay = Durations.min(delay.multipliedBy(2), MAX);
    }
    return delay;
  }

  public synchronized void succeeded() {
    if (!delay.isZero()) {
      delay = Duration.ZERO;
      if (isLogged) {
        SafeRunner.log(() -> LOG.info("{} works again", what));
      }
    }
  }

  public synchronized boolean isActive() {
    return !delay.isZero();
  }
}
