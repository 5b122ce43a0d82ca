package cloud.klink.webhooks.sender.dispatch;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts failures of one kind of work in a row: how long to wait, and one line in the log for each
 * row, but not more than one a minute. Throws nothing.
 */
final class Outage {
  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final String what;
  private final Complaint complaint;
  private Duration delay = Duration.ZERO;
  private boolean isSaid;

  Outage(String what, Machine machine) {
    this.what = what;
    this.complaint = new Complaint(what + " failed; it is tried again", machine.clock());
  }

  /** How long to wait after one more failure, of whatever kind. */
  synchronized Duration failed(Throwable e) {
    if (delay.isZero()) {
      delay = FIRST;
      isSaid = complaint.about(e);
    } else {
      delay = delay.multipliedBy(2);
      delay = delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }
    return delay;
  }

  synchronized void over() {
    if (!delay.isZero()) {
      delay = Duration.ZERO;
      if (isSaid) {
        Safely.log(() -> LOG.info("{} works again", what));
      }
    }
  }

  synchronized boolean isOn() {
    return !delay.isZero();
  }
}
