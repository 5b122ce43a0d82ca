package cloud.klink.webhooks.verifier.internal;

/** Passes on what a caught throwable asks of the thread. */
public final class ThreadSignals {
  private ThreadSignals() {}

  /**
   * Restores the interrupt flag after an {@link InterruptedException}.
   *
   * @param failure what was caught
   * @throws ThreadDeath if that is what was caught, so that the thread ends
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
