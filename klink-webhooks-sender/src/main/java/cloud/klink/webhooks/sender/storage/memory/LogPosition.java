package cloud.klink.webhooks.sender.storage.memory;

import java.time.Instant;
import java.util.Comparator;

/**
 * A position in the order of time; of two at the same time, the one with the smaller number comes
 * first.
 */
record LogPosition(Instant time, long number) implements Comparable<LogPosition> {
  private static final Comparator<LogPosition> ORDER =
      Comparator.comparing(LogPosition::time).thenComparingLong(LogPosition::number);

  /** The position before all others of a time. */
  static LogPosition at(Instant time) {
    return new LogPosition(time, Long.MIN_VALUE);
  }

  @Override
  public int compareTo(LogPosition other) {
    return ORDER.compare(this, other);
  }
}
