package cloud.klink.webhooks.sender.storage.memory;

import java.time.Instant;
import java.util.Comparator;

/**
 * A place in an order of time; of two at the same time, that with the smaller number comes first.
 */
record Position(Instant time, long number) implements Comparable<Position> {
  private static final Comparator<Position> ORDER =
      Comparator.comparing(Position::time).thenComparingLong(Position::number);

  /** Before all that are at this time. */
  static Position at(Instant time) {
    return new Position(time, Long.MIN_VALUE);
  }

  @Override
  public int compareTo(Position other) {
    return ORDER.compare(this, other);
  }
}
