package cloud.klink.webhooks.sender.dispatch;

import org.jspecify.annotations.Nullable;

/** The time that a thread spends on beginning an attempt, or on all of it. */
final class Turn {
  private @Nullable Thread thread = Thread.currentThread();
  private boolean counted;
  private boolean interrupted;

  /** Whether the attempt was finished by the thread that began it, before it went on. */
  synchronized boolean isHere() {
    return Thread.currentThread() == thread;
  }

  /** The thread is counted as one that comes for a job. */
  void count() {
    counted = true;
  }

  /** Interrupts the thread, if it is still at it. */
  synchronized void interrupt() {
    if (thread != null) {
      interrupted = true;
      thread.interrupt();
    }
  }

  /**
   * The thread goes on.
   *
   * @return whether it was counted
   */
  synchronized boolean end() {
    thread = null;
    if (interrupted) {
      Thread.interrupted(); // what was meant to end this must not end what comes next
    }
    return counted;
  }
}
