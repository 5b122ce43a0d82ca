package cloud.klink.webhooks.verifier;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the verifications that run at the same time may take together, for bodies that
 * are not known to be authentic yet. Each takes its share before it looks at the body and gives it
 * back when it is done; one for which there is no share left is refused with
 * {@link RefusalReason#MEMORY_LIMIT}, which is answered with 503, so that the sender repeats.
 *
 * <p>A share is four times the body's length and 256 KiB: more than any body can cost. It is held
 * while the body is verified, which waits for nothing; not while it is being read, so that slow
 * connections cannot use the memory up, nor while it is handled.
 *
 * <p>Safe for use by many threads.
 */
public final class VerificationMemory {
  /** How many times its length a body may cost. */
  private static final int TIMES_LENGTH = 4;

  /** What even the shortest body may cost. */
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

  /**
   * What all verifiers share that were given nothing else: a quarter of the largest heap that this
   * process may have, and at least 8 MiB.
   *
   * @return the same object for each call
   */
  public static VerificationMemory ofProcess() {
    return PROCESS;
  }

  /**
   * A bound of its own, for the verifiers that it is given to.
   *
   * @param maxBytes at least 1 MiB
   * @return the bound
   * @throws IllegalArgumentException if it is less
   */
  public static VerificationMemory of(long maxBytes) {
    if (maxBytes < 1 << 20) {
      throw new IllegalArgumentException("maxBytes: it must be at least 1048576, not " + maxBytes);
    }
    return new VerificationMemory(maxBytes);
  }

  /**
   * The bound.
   *
   * @return in bytes
   */
  public long maxBytes() {
    return maxBytes;
  }

  /** What verifying a body of that length may cost. */
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

  /** Tells the bound and how much of it is taken. */
  @Override
  public String toString() {
    return "VerificationMemory[" + taken.get() + " of " + maxBytes + " bytes]";
  }
}
