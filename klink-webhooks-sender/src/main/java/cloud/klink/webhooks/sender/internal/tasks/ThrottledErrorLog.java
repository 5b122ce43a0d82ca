package cloud.klink.webhooks.sender.internal.tasks;

import cloud.klink.webhooks.sender.storage.StorageException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the exceptions of one task, at most one line a minute. Never throws. */
public final class ThrottledErrorLog {
  private static final Logger LOG = LoggerFactory.getLogger(ThrottledErrorLog.class);

  private final String what;
  private final Clock clock;
  private final LogThrottle throttle = new LogThrottle(Duration.ofMinutes(1));
  private long suppressed;

  /**
   * A log that has written nothing yet.
   *
   * @param what what failed and what the consequence is, for the log
   */
  public ThrottledErrorLog(String what, Clock clock) {
    this.what = what;
    this.clock = clock;
  }

  /**
   * Logs an exception, unless one was logged within the last minute.
   *
   * @return whether it was logged
   */
  public synchronized boolean log(Throwable e) {
    try {
      if (!throttle.tryAcquire(clock.instant())) {
        suppressed++;
        return false;
      }
      String suffix = suppressed == 0 ? "" : " (" + suppressed + " more since the last such line)";
      suppressed = 0;
      if (e instanceof StorageException) {
        LOG.warn("{}: the storage failed{}", what, suffix, e);
      } else {
        LOG.error("{}{}", what, suffix, e);
      }
    } catch (Throwable loggerFailure) {
      // The logger itself failed.
    }
    return true;
  }
}
