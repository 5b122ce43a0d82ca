package cloud.klink.webhooks.sender.transport.websocket;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** The delay after consecutive failures of an endpoint, which doubles and has jitter. */
final class Backoff {
  static final long SHORTEST = Duration.ofMillis(100).toNanos();
  private static final long LONGEST = Duration.ofSeconds(5).toNanos();
  private static final double JITTER = 0.2;

  private final RandomGenerator random;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /**
   * The delay after a failure.
   *
   * @param failures how many failures there were in a row, at least 1
   * @return the delay in nanoseconds, shortened at random by up to a fifth
   */
  long after(int failures) {
    long whole = Math.min(LONGEST, SHORTEST << Math.min(failures - 1, 30));
    double chance;
    synchronized (random) { // a generator need not be safe for several threads
      chance = random.nextDouble();
    }
    return (long) (whole * (1 - JITTER * chance));
  }
}
