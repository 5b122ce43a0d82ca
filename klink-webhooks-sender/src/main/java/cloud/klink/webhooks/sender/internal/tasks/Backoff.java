package cloud.klink.webhooks.sender.internal.tasks;

import cloud.klink.webhooks.internal.Durations;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delay after consecutive failures of one kind of work: 100 milliseconds, doubling to 5
 * seconds. The first failure is logged, once a minute at most, and so is the end. Throws nothing.
 */
public final class Backoff {
  private static final Logger LOG = LoggerFactory.getLogger(Backoff.class);
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final String what;
  private final ThrottledErrorLog complaint;
  private Duration delay = Duration.ZERO;
  private boolean isSaid;

  public Backoff(String what, TaskTimer timer) {
    this.what = what;
    this.complaint = new ThrottledErrorLog(what + " failed; it is tried again", timer.clock());
  }

  /** How long to wait after another failure. */
  public synchronized Duration failed(Throwable e) {
    if (delay.isZero()) {
      delay = FIRST;
      isSaid = complaint.about(e);
    } else {
      delay = Durations.min(delay.multipliedBy(2), LONGEST);
    }
    return delay;
  }

  public synchronized void over() {
    if (!delay.isZero()) {
      delay = Duration.ZERO;
      if (isSaid) {
        SafeRunner.log(() -> LOG.info("{} works again", what));
      }
    }
  }

  public synchronized boolean isOn() {
    return !delay.isZero();
  }
}
