package cloud.klink.webhooks.sender.internal.tasks;

import cloud.klink.webhooks.sender.storage.StorageException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what one part has thrown: one line a minute at most. Throws nothing. */
public final class ThrottledErrorLog {
  private static final Logger LOG = LoggerFactory.getLogger(ThrottledErrorLog.class);

  private final String what;
  private final Clock clock;
  private final LogThrottle throttle = new LogThrottle(Duration.ofMinutes(1));
  private long unsaid;

  /**
   * Nothing said yet.
   *
   * @param what what failed and what follows from that, for the log
   */
  public ThrottledErrorLog(String what, Clock clock) {
    this.what = what;
    this.clock = clock;
  }

  /**
   * Says it, unless it was said within the minute.
   *
   * @return whether it was said
   */
  public synchronized boolean about(Throwable e) {
    try {
      if (!throttle.passes(clock.instant())) {
        unsaid++;
        return false;
      }
      String before = unsaid == 0 ? "" : " (" + unsaid + " times more since the last such line)";
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
