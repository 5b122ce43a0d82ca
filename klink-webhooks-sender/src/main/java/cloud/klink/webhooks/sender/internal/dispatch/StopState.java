package cloud.klink.webhooks.sender.internal.dispatch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The state of a stop, and whether deliveries are between two packages: removed from one, and not
 * yet passed to the next. A stop does not end before they have arrived.
 */
final class StopState {
  private final AtomicInteger moving = new AtomicInteger();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private volatile boolean isStopping;
  private volatile boolean isCutOff;

  /** Runs a task that moves deliveries from one package to the next. */
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

  /** Notes that attempts in flight are not waited for any more. */
  void cutOff() {
    isCutOff = true;
  }

  boolean isCutOff() {
    return isCutOff;
  }

  /** Completed at the end of the stop. */
  CompletableFuture<Void> done() {
    return done;
  }
}
