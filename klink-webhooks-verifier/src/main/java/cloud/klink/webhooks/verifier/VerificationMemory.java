package cloud.klink.webhooks.verifier;

import cloud.klink.webhooks.internal.Ranges;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the verifications that run at the same time may take together, for bodies that
 * are not known to be authentic yet. Each takes its share, more than any body can cost, before it
 * looks at the body, and returns it at the end. Safe for use by many threads.
 */
final class VerificationMemory {
  /** How many times its length a body may cost. */
  private static final int TIMES_LENGTH = 4;

  /** What the shortest body may cost. */
  private static final long CONSTANT = 256 << 10;

  private static final long LEAST = 8 << 20;
  private static final int SHARE_OF_HEAP = 4;

  private static final VerificationMemory PROCESS =
      new VerificationMemory(Math.max(LEAST, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));

  private final long maxBytes;
  private final AtomicLong taken = new AtomicLong();

  private VerificationMemory(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** The bound shared by all verifiers that were given none of their own. */
  static VerificationMemory ofProcess() {
    return PROCESS;
  }

  /**
   * A separate bound.
   *
   * @throws IllegalArgumentException if it is less than 1 MiB
   */
  static VerificationMemory of(long maxBytes) {
    Ranges.checkAtLeast("maxMemoryBytes", maxBytes, 1 << 20);
    return new VerificationMemory(maxBytes);
  }

  long maxBytes() {
    return maxBytes;
  }

  /** What verifying a body of this length may cost. */
  static long cost(int length) {
    return (long) TIMES_LENGTH * length + CONSTANT;
  }

  boolean take(long cost) {
    if (taken.addAndGet(cost) <= maxBytes) {
      return true;
    }
    taken.addAndGet(-cost);
    return false;
  }

  void giveBack(long cost) {
    taken.addAndGet(-cost);
  }
}
