package cloud.klink.webhooks.sender.internal.attempt;

import org.jspecify.annotations.Nullable;

/** The time that a thread spends in the call that begins an attempt, which may be all of it. */
public final class CallerThreadTracker {
  private @Nullable Thread thread = Thread.currentThread();
  private boolean counted;
  private boolean interrupted;

  /** Whether the attempt was finished by the thread that began it, before it went on. */
  public synchronized boolean isHere() {
    return Thread.currentThread() == thread;
  }

  /** The thread is counted as one that comes back for the next delivery. */
  public void count() {
    counted = true;
  }

  /** Interrupts the thread, unless it has gone on. */
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
  public synchronized boolean end() {
    thread = null;
    if (interrupted) {
      Thread.interrupted(); // what was meant to end this must not end what comes next
    }
    return counted;
  }
}
