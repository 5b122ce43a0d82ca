package cloud.klink.webhooks.sender.internal.dispatch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether a loop stops, and whether deliveries are between two rooms: taken from one, and not yet
 * handed to the next. A stop is not over before these have arrived.
 */
final class StopState {
  private final AtomicInteger moving = new AtomicInteger();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private volatile boolean isStopping;
  private volatile boolean isCut;

  /** Runs what takes deliveries from a room and hands them to the next. */
  void move(Runnable work) {
    moving.incrementAndGet();
    try {
      work.run();
    } finally {
      moving.decrementAndGet();
    }
  }

  boolean isMoving() {
    return moving.get() > 0;
  }

  void begin() {
    isStopping = true;
  }

  boolean isStopping() {
    return isStopping;
  }

  /** What is in flight is waited for no longer. */
  void cutOff() {
    isCut = true;
  }

  boolean isCut() {
    return isCut;
  }

  /** Completed when the stop is over. */
  CompletableFuture<Void> done() {
    return done;
  }
}
