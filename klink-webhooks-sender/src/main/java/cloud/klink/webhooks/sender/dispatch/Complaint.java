package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.sender.storage.StorageException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what one part has thrown: one line a minute at most. Throws nothing. */
final class Complaint {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final Duration QUIET = Duration.ofMinutes(1);

  private final String what;
  private final Clock clock;
  private @Nullable Instant saidAt;
  private long unsaid;

  /**
   * Nothing said yet.
   *
   * @param what what failed and what follows from that, for the log
   */
  Complaint(String what, Clock clock) {
    this.what = what;
    this.clock = clock;
  }

  /**
   * Says it, unless it was said within the minute.
   *
   * @return whether it was said
   */
  synchronized boolean about(Throwable e) {
    try {
      Instant now = clock.instant();
      Instant last = saidAt;
      if (last != null && !now.isBefore(last) && now.isBefore(last.plus(QUIET))) {
        unsaid++;
        return false;
      }
      saidAt = now;
      String before = unsaid == 0 ? "" : " (" + unsaid + " times more since this was said last)";
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
