package cloud.klink.webhooks.sender.storage.jdbc;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When a claim walks through the queues of paused webhooks too, so that it finds those of deleted
 * ones among them: each time while they are few, and once a minute while they are many.
 */
final class FullWalks {
  /** So many cost little. */
  private static final int FEW = 100;

  private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanoTime;
  private boolean areMany;
  private long next;

  FullWalks(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  synchronized boolean isDue() {
    return !areMany || nanoTime.getAsLong() - next >= 0;
  }

  /** After a full walk that passed through so many queues of paused webhooks. */
  synchronized void made(int held) {
    areMany = held > FEW;
    next = nanoTime.getAsLong() + INTERVAL;
  }
}
