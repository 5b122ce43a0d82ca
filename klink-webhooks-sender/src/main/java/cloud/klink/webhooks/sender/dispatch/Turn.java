package cloud.klink.webhooks.sender.dispatch;

/** Whether an attempt was finished by the thread that began it, before it went on. */
final class Turn {
  private final Thread thread = Thread.currentThread();
  private boolean over;

  void end() {
    over = true;
  }

  boolean isHere() {
    return Thread.currentThread() == thread && !over;
  }
}
