package cloud.klink.webhooks.verifier.internal;

/** What a failure that is caught says to the thread, and not to the sender. */
public final class ThreadSignals {
  private ThreadSignals() {}

  /**
   * Keeps an interruption for whoever looks after the thread.
   *
   * @param failure what was caught
   * @throws ThreadDeath if that is what was caught: then the thread is to die
   */
  public static void passOn(Throwable failure) {
    if (failure instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    if (failure instanceof ThreadDeath death) {
      throw death;
    }
  }
}
