package cloud.klink.webhooks.sender.internal.tasks;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Allows one log line per interval. A clock that is set back allows the next one. Not thread-safe.
 */
public final class LogThrottle {
  private final Duration interval;
  private @Nullable Instant last;

  public LogThrottle(Duration interval) {
    this.interval = interval;
  }

  /** Returns whether a line may be written now; if so, it counts. */
  public boolean tryAcquire(Instant now) {
    Instant before = last;
    if (before != null && !now.isBefore(before) && now.isBefore(before.plus(interval))) {
      return false;
    }
    last = now;
    return true;
  }
}
