package cloud.klink.webhooks.sender.storage.jdbc;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When a claim also scans the queues of paused webhooks, to find those of deleted webhooks among
 * them: each time while there are at most 100 such queues, and once a minute while there are more.
 */
final class FullScanSchedule {
  private static final int FEW = 100;

  private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanoTime;
  private boolean areMany;
  private long next;

  FullScanSchedule(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  synchronized boolean isDue() {
    return !areMany || nanoTime.getAsLong() - next >= 0;
  }

  /**
   * A full scan was made.
   *
   * @param held how many queues of paused webhooks it passed through
   */
  synchronized void made(int held) {
    areMany = held > FEW;
    next = nanoTime.getAsLong() + INTERVAL;
  }
}
