package cloud.klink.webhooks.sender.storage.jdbc;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When a call must end.
 *
 * @param nanos the time, as {@link System#nanoTime} counts it
 */
record Deadline(long nanos) {
  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  boolean isOver() {
    return nanos - System.nanoTime() <= 0;
  }

  /** What remains, in milliseconds; at least 1, since 0 means "no limit" to databases. */
  int millis() {
    long left = TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime());
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, left));
  }

  /** What remains, in whole seconds, rounded up; at least 1. */
  int seconds() {
    return (int) TimeUnit.MILLISECONDS.toSeconds(millis() + 999L);
  }
}
