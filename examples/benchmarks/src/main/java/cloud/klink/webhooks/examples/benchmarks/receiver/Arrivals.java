package cloud.klink.webhooks.examples.benchmarks.receiver;

import java.util.BitSet;

/**
 * What came in of one run. An event's id is {@code RUN-NUMBER}; each number from 0 is expected
 * once.
 */
final class Arrivals {
  private final long run;
  private final int expected;
  private final BitSet seen;
  private final long[] times;
  private int distinct;
  private int more;

  Arrivals(long run, int expected) {
    this.run = run;
    this.expected = expected;
    this.seen = new BitSet(expected);
    this.times = new long[expected];
  }

  /** Nothing is expected. */
  static Arrivals none() {
    return new Arrivals(-1, 0);
  }

  /**
   * Takes note of an arrival.
   *
   * @param time by {@link System#nanoTime()}
   * @return true if it was the last one that was missing
   */
  synchronized boolean add(long itsRun, int number, long time) {
    if (itsRun != run || number < 0 || number >= expected || seen.get(number)) {
      more++;
      return false;
    }
    seen.set(number);
    times[distinct] = time;
    distinct++;
    return distinct == expected;
  }

  /** How many that were expected came from a time on and before another. */
  synchronized int between(long from, long to) {
    int count = 0;
    for (int i = 0; i < distinct; i++) {
      count += times[i] - from >= 0 && times[i] - to < 0 ? 1 : 0;
    }
    return count;
  }

  /** How many came that were expected, and how many that were not or came again. */
  synchronized String report() {
    return distinct + " " + more;
  }
}
