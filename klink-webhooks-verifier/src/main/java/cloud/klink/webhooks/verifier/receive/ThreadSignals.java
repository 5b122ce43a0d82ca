package cloud.klink.webhooks.verifier.receive;

/** What a failure that is caught says to the thread, and not to the sender. */
final class ThreadSignals {
  private ThreadSignals() {}

  /**
   * Keeps an interruption for whoever looks after the thread.
   *
   * @throws ThreadDeath if that is what was caught: then the thread is to die
   */
  static void passOn(Throwable failure) {
    if (failure instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    if (failure instanceof ThreadDeath death) {
      throw death;
    }
  }
}
