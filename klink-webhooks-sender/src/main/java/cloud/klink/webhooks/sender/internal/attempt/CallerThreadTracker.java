package cloud.klink.webhooks.sender.internal.attempt;

import org.jspecify.annotations.Nullable;

/** Tracks a thread during the call that begins an attempt, which may last for the whole attempt. */
public final class CallerThreadTracker {
  private @Nullable Thread thread = Thread.currentThread();
  private boolean counted;
  private boolean interrupted;

  /** Whether the current thread is the one that began the attempt, within that call. */
  public synchronized boolean isCaller() {
    return Thread.currentThread() == thread;
  }

  /** Notes that the thread is counted as one that takes the next delivery. */
  public void count() {
    counted = true;
  }

  /** Interrupts the thread, unless the call has returned. */
  synchronized void interrupt() {
    if (thread != null) {
      interrupted = true;
      thread.interrupt();
    }
  }

  /**
   * Notes the return of the call.
   *
   * @return whether the thread was counted
   */
  public synchronized boolean end() {
    thread = null;
    if (interrupted) {
      Thread.interrupted(); // an interrupt for this attempt must not reach the next one
    }
    return counted;
  }
}
