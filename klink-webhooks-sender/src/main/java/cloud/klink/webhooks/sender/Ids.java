package cloud.klink.webhooks.sender;

import java.time.Clock;
import java.util.random.RandomGenerator;

/**
 * Ids whose order is the order in which they were made: a prefix, ten digits of the time in
 * milliseconds and sixteen random ones, in the alphabet of base 32 that has no I, L, O and U.
 */
final class Ids {
  private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final int TIME_DIGITS = 10;
  private static final int RANDOM_DIGITS = 16;
  private static final int HALF = RANDOM_DIGITS / 2;
  private static final int BITS = 5;
  private static final long HALF_MASK = (1L << (HALF * BITS)) - 1;

  private final Clock clock;
  private final RandomGenerator random;
  private long lastTime = -1;
  private long high;
  private long low;

  Ids(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** The next id; greater than those before, unless the clock goes back. */
  String next(String prefix) {
    char[] id = new char[TIME_DIGITS + RANDOM_DIGITS];
    synchronized (this) {
      long time = clock.millis();
      if (time == lastTime && low < HALF_MASK) {
        low++;
      } else {
        high = random.nextLong() & HALF_MASK;
        low = random.nextLong() & (HALF_MASK >>> 1);
      }
      lastTime = time;
      digits(id, 0, TIME_DIGITS, time);
      digits(id, TIME_DIGITS, HALF, high);
      digits(id, TIME_DIGITS + HALF, HALF, low);
    }
    return prefix + new String(id);
  }

  private static void digits(char[] id, int from, int count, long value) {
    for (int i = 0; i < count; i++) {
      id[from + count - 1 - i] = DIGITS[(int) (value >>> (BITS * i)) & (DIGITS.length - 1)];
    }
  }
}
