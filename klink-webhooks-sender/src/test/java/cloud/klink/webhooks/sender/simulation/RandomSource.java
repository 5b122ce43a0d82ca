package cloud.klink.webhooks.sender.simulation;

import java.security.SecureRandom;
import java.util.List;
import java.util.SplittableRandom;

/** Everything that is left to chance, from one seed. */
final class RandomSource {
  private final SplittableRandom random;

  RandomSource(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** True in so many of 1,000 cases. */
  boolean permille(int cases) {
    return cases > 0 && random.nextInt(1_000) < cases;
  }

  /** From low to high, both included. */
  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  long below(long bound) {
    return random.nextLong(bound);
  }

  /** Mostly near zero, seldom near the bound. */
  long small(long bound) {
    return (long) (bound * Math.pow(random.nextDouble(), 4));
  }

  long tie() {
    return random.nextLong();
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** For the sender: ids and secrets. */
  SecureRandom asSecureRandom() {
    SplittableRandom own = random.split();
    return new SecureRandom() {
      private static final long serialVersionUID = 1L;

      @Override
      public void nextBytes(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) own.nextInt();
        }
      }

      @Override
      public int nextInt() {
        return own.nextInt();
      }

      @Override
      public long nextLong() {
        return own.nextLong();
      }
    };
  }
}
