package cloud.klink.webhooks.sender.dispatch;

/** Whether an attempt was finished by the thread that began it, before it went on. */
final class Turn {
  private final Thread thread = Thread.currentThread();
  private boolean counted;
  private boolean over;

  boolean isHere() {
    return Thread.currentThread() == thread && !over;
  }

  /** The thread is counted as one that comes for a job. */
  void count() {
    counted = true;
  }

  /**
   * The thread goes on.
   *
   * @return whether it was counted
   */
  boolean end() {
    over = true;
    return counted;
  }
}
