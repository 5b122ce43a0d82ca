package cloud.klink.webhooks.sender.internal.claim;

import java.time.Duration;
import java.util.Optional;

/** The intervals between checks for the commit of a user's transaction: each twice the last. */
final class CommitCheckIntervals {
  private final Duration end;
  private Duration interval = Duration.ZERO;

  /**
   * No checks yet.
   *
   * @param end the interval at which the checks end
   */
  CommitCheckIntervals(Duration end) {
    this.end = end;
  }

  /** Begins with an interval. */
  synchronized void begin(Duration first) {
    interval = first;
  }

  /** The next interval; empty if no check is needed, or none soon. */
  synchronized Optional<Duration> next() {
    interval = interval.multipliedBy(2);
    if (interval.compareTo(end) >= 0) {
      interval = Duration.ZERO;
    }
    return Optional.of(interval).filter(next -> !next.isZero());
  }

  /** Whether checks follow each other at growing intervals. */
  synchronized boolean isActive() {
    return !interval.isZero();
  }
}
