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
  private int distinct;
  private int more;

  Arrivals(long run, int expected) {
    this.run = run;
    this.expected = expected;
    this.seen = new BitSet(expected);
  }

  /** Nothing is expected. */
  static Arrivals none() {
    return new Arrivals(-1, 0);
  }

  /**
   * Takes note of an arrival.
   *
   * @return true if it was the last one that was missing
   */
  synchronized boolean add(long itsRun, int number) {
    if (itsRun != run || number < 0 || number >= expected || seen.get(number)) {
      more++;
      return false;
    }
    seen.set(number);
    distinct++;
    return distinct == expected;
  }

  /** How many came that were expected, and how many that were not or came again. */
  synchronized String report() {
    return distinct + " " + more;
  }
}
