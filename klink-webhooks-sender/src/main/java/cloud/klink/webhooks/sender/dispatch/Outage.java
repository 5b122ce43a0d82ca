package cloud.klink.webhooks.sender.dispatch;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts failures of the storage in a row: how long to wait, and one line in the log for each. */
final class Outage {
  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final String what;
  private Duration delay = Duration.ZERO;

  Outage(String what) {
    this.what = what;
  }

  /** How long to wait after one more failure. */
  synchronized Duration failed(RuntimeException e) {
    if (delay.isZero()) {
      LOG.warn("{}: the storage failed; nothing is lost, and it is tried again", what, e);
      delay = FIRST;
    } else {
      delay = delay.multipliedBy(2);
      delay = delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }
    return delay;
  }

  synchronized void over() {
    if (!delay.isZero()) {
      LOG.info("{}: the storage works again", what);
      delay = Duration.ZERO;
    }
  }

  synchronized boolean isOn() {
    return !delay.isZero();
  }
}
