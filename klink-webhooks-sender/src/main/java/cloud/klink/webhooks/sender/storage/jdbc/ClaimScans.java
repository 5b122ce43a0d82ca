package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How claims look for what is due. A full look walks the index of waiting deliveries from queue to
 * queue, which is quick as a rule. It is slow where queues of paused webhooks are many, or where
 * the database keeps many entries of finished deliveries for a transaction that has been open for
 * long. Then claims look at active webhooks only, in each from a lower bound on, and a full look is
 * made from time to time: within a minute, it finds what is due before its queue's bound, and the
 * deliveries of deleted webhooks.
 */
final class ClaimScans {
  /** What a full look may take, unless all of several in a row take longer. */
  private static final long SLOW = Duration.ofMillis(50).toNanos();

  private static final int IN_A_ROW = 3;

  /** Full looks are made at least so often, and take at most this part of the time. */
  private static final long LONGEST = Duration.ofMinutes(1).toNanos();

  private static final int PART = 20;

  private final LongSupplier nanoTime;
  private int slow;
  private long fullTook;
  private long fullAgain;
  private @Nullable BacklogBounds bounds;

  ClaimScans(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  long start() {
    return nanoTime.getAsLong();
  }

  /** From where on to look; null for a full look. */
  synchronized @Nullable BacklogBounds next(Instant now) {
    boolean isFull =
        bounds == null || now.isBefore(bounds.seenAt()) || nanoTime.getAsLong() - fullAgain >= 0;
    return isFull ? null : bounds;
  }

  /** Whether a full look that began then makes the next ones bounded ones. */
  synchronized boolean isSlow(long start) {
    return nanoTime.getAsLong() - start >= SLOW && slow >= IN_A_ROW - 1;
  }

  /** After a full look. */
  synchronized void full(long start, @Nullable BacklogBounds seen) {
    long now = nanoTime.getAsLong();
    fullTook = now - start;
    slow = fullTook < SLOW ? 0 : Math.min(IN_A_ROW, slow + 1);
    bounds = slow == IN_A_ROW ? seen : null;
    fullAgain = now + Math.min(LONGEST, fullTook * PART);
  }

  /** After a bounded look: if it went around all queues, with what it saw. */
  @SuppressWarnings("ReferenceEquality") // Bounds of a later look may be equal.
  synchronized void bounded(
      long start, BacklogBounds from, @Nullable BacklogBounds seen, List<ClaimedDelivery> taken) {
    long now = nanoTime.getAsLong();
    if (now - start > fullTook) {
      fullAgain = now;
    }
    if (bounds == from) {
      bounds = seen == null ? from.after(taken) : seen;
    }
  }

  /** This node has made deliveries due at a time. */
  synchronized void due(long at) {
    if (bounds != null) {
      bounds = bounds.from(at);
    }
  }
}
