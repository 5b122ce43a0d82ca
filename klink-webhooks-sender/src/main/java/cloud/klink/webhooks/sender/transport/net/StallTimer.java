package cloud.klink.webhooks.sender.transport.net;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import okio.AsyncTimeout;

/**
 * Detects a write that takes too long. Writes on one socket do not overlap, and nearly all take
 * microseconds. So they do not each start and cancel a timer: the socket has one timer, which is
 * started at most once within the time limit of a write.
 */
final class StallTimer {
  private final long maxNanos;
  private final Runnable whenStalled;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile boolean writing;
  private volatile long writingSince;

  /**
   * A timer that is not running yet.
   *
   * @param max how long a write may take
   * @param whenStalled called at most once for a write, by the timer's thread
   */
  StallTimer(Duration max, Runnable whenStalled) {
    this.maxNanos = max.toNanos();
    this.whenStalled = whenStalled;
  }

  /** Notes the begin of a write; {@link #end} must follow. */
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

  /** A write that begins after the first statement starts the timer again. */
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
