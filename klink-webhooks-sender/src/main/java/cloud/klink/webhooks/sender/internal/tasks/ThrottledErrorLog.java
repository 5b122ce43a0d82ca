package cloud.klink.webhooks.sender.internal.tasks;

import cloud.klink.webhooks.sender.storage.StorageException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what one part throws, one line a minute at most. Throws nothing. */
public final class ThrottledErrorLog {
  private static final Logger LOG = LoggerFactory.getLogger(ThrottledErrorLog.class);

  private final String what;
  private final Clock clock;
  private final LogThrottle throttle = new LogThrottle(Duration.ofMinutes(1));
  private long unsaid;

  /**
   * Nothing was logged yet.
   *
   * @param what what failed and what follows from that, for the log
   */
  public ThrottledErrorLog(String what, Clock clock) {
    this.what = what;
    this.clock = clock;
  }

  /**
   * Logs a failure, unless one was logged within the last minute.
   *
   * @return whether it was logged
   */
  public synchronized boolean about(Throwable e) {
    try {
      if (!throttle.passes(clock.instant())) {
        unsaid++;
        return false;
      }
      String before = unsaid == 0 ? "" : " (" + unsaid + " more since the last such line)";
      unsaid = 0;
      if (e instanceof StorageException) {
        LOG.warn("{}: the storage failed{}", what, before, e);
      } else {
        LOG.error("{}{}", what, before, e);
      }
    } catch (Throwable ofTheLog) {
      // The log itself fails: there is nowhere left to say so.
    }
    return true;
  }
}
