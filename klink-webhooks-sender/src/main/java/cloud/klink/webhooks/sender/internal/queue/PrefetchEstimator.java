package cloud.klink.webhooks.sender.internal.queue;

import java.time.Duration;

/**
 * Estimates from the recent duration of attempts how many deliveries may be prefetched without
 * going stale.
 */
final class PrefetchEstimator {
  /** The time within which a prefetched delivery should start. */
  private static final long MAX_WAIT_NANOS = Duration.ofMillis(100).toNanos();

  private static final double NEWEST_WEIGHT = 0.2;

  private double nanos;

  void add(Duration attempt) {
    long duration = Math.max(1, attempt.toNanos());
    nanos = nanos == 0 ? duration : nanos + NEWEST_WEIGHT * (duration - nanos);
  }

  /** The number of deliveries to prefetch; zero before the first attempt. */
  int ahead(int concurrent, int max) {
    return nanos == 0 ? 0 : (int) Math.min(max, concurrent * (MAX_WAIT_NANOS / nanos));
  }
}
