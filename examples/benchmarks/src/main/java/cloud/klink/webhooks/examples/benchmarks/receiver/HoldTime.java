package cloud.klink.webhooks.examples.benchmarks.receiver;

/** How long a receiver holds its answers back, which is somewhat longer than it is told to. */
final class HoldTime {
  private long nanos;
  private long count;

  synchronized void add(long time) {
    nanos += time;
    count++;
  }

  /** The average; 0 if none was held back. */
  synchronized long meanNanos() {
    return count == 0 ? 0 : nanos / count;
  }
}
