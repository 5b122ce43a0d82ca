package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.sender.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
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
  private static final Duration QUIET = Duration.ofMinutes(1);

  private final String what;
  private final Machine machine;
  private Duration delay = Duration.ZERO;
  private @Nullable Instant saidAt;
  private boolean isSaid;

  Outage(String what, Machine machine) {
    this.what = what;
    this.machine = machine;
  }

  /** How long to wait after one more failure, of whatever kind. */
  synchronized Duration failed(Throwable e) {
    if (delay.isZero()) {
      delay = FIRST;
      Safely.log(() -> say(e));
    } else {
      delay = delay.multipliedBy(2);
      delay = delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }
    return delay;
  }

  private void say(Throwable e) {
    Instant now = machine.now();
    Instant last = saidAt;
    if (last != null && !now.isBefore(last) && now.isBefore(last.plus(QUIET))) {
      return;
    }
    saidAt = now;
    isSaid = true;
    if (e instanceof StorageException) {
      LOG.warn("{}: the storage failed; nothing is lost, and it is tried again", what, e);
    } else {
      LOG.error("{} failed; nothing is lost, and it is tried again", what, e);
    }
  }

  synchronized void over() {
    if (!delay.isZero()) {
      delay = Duration.ZERO;
      if (isSaid) {
        isSaid = false;
        Safely.log(() -> LOG.info("{} works again", what));
      }
    }
  }

  synchronized boolean isOn() {
    return !delay.isZero();
  }
}
