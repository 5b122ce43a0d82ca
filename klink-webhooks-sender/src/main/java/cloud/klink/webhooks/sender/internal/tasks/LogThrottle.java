package cloud.klink.webhooks.sender.internal.tasks;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Lets something happen once in a time. A clock that goes back opens it. Not for many threads. */
public final class LogThrottle {
  private final Duration interval;
  private @Nullable Instant last;

  public LogThrottle(Duration interval) {
    this.interval = interval;
  }

  /** Whether it may happen now; then it does. */
  public boolean passes(Instant now) {
    Instant before = last;
    if (before != null && !now.isBefore(before) && now.isBefore(before.plus(interval))) {
      return false;
    }
    last = now;
    return true;
  }
}
