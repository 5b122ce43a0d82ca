package cloud.klink.webhooks.sender.internal.queue;

import java.time.Duration;

/**
 * Estimates from the recent duration of attempts how many deliveries may be prefetched without
 * going stale.
 */
final class PrefetchEstimator {
  /** A prefetched delivery should start within this time. */
  private static final long AHEAD_NANOS = Duration.ofMillis(100).toNanos();

  private static final double WEIGHT = 0.2;

  private double nanos;

  void add(Duration attempt) {
    long took = Math.max(1, attempt.toNanos());
    nanos = nanos == 0 ? took : nanos + WEIGHT * (took - nanos);
  }

  /** Zero before the first attempt, when nothing is known. */
  int ahead(int concurrent, int max) {
    return nanos == 0 ? 0 : (int) Math.min(max, concurrent * (AHEAD_NANOS / nanos));
  }
}
