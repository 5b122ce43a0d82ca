package cloud.klink.webhooks.sender.internal.queue;

import java.time.Duration;

/** How long attempts take of late, and so how many may be fetched ahead without going stale. */
final class PrefetchEstimator {
  /** What is fetched ahead should be started within this time. */
  private static final long AHEAD_NANOS = Duration.ofMillis(100).toNanos();

  private static final double WEIGHT = 0.2;

  private double nanos;

  void add(Duration attempt) {
    long took = Math.max(1, attempt.toNanos());
    nanos = nanos == 0 ? took : nanos + WEIGHT * (took - nanos);
  }

  /** None before the first attempt: nothing is known then. */
  int ahead(int concurrent, int max) {
    return nanos == 0 ? 0 : (int) Math.min(max, concurrent * (AHEAD_NANOS / nanos));
  }
}
