package cloud.klink.webhooks.sender.transport.net;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import okio.AsyncTimeout;

/**
 * Notices a write that lasts too long. Writes on one socket come one after the other, and nearly
 * all take microseconds, so none of them starts or cancels a timer of its own: one timer runs for
 * the socket, at most once in the time that a write may take.
 */
final class StallTimer {
  private final long maxNanos;
  private final Runnable whenStalled;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile boolean writing;
  private volatile long writingSince;

  /**
   * A timer that does not run yet.
   *
   * @param max how long a write may last
   * @param whenStalled called at most once for a write, by a thread of the timer's
   */
  StallTimer(Duration max, Runnable whenStalled) {
    this.maxNanos = max.toNanos();
    this.whenStalled = whenStalled;
  }

  /** A write begins; {@link #end} must follow. */
  void begin() {
    writingSince = System.nanoTime();
    writing = true;
    run(maxNanos);
  }

  void end() {
    writing = false;
  }

  private void run(long nanos) {
    if (!running.get() && running.compareAndSet(false, true)) {
      AsyncTimeout timer = new AsyncTimeout() {
        @Override
        protected void timedOut() {
          inspect();
        }
      };
      timer.timeout(nanos, TimeUnit.NANOSECONDS);
      timer.enter();
    }
  }

  /** Whatever write begins from here on sets the timer again. */
  private void inspect() {
    running.set(false);
    if (writing) {
      long left = maxNanos - (System.nanoTime() - writingSince);
      if (left <= 0) {
        whenStalled.run();
      } else {
        run(left);
      }
    }
  }
}
