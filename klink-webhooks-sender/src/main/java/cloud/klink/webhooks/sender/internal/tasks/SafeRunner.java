package cloud.klink.webhooks.sender.internal.tasks;

import org.slf4j.Logger;

/** Runs tasks whose failures, {@link Error}s included, must not reach the caller. */
public final class SafeRunner {
  private SafeRunner() {}

  /**
   * Writes into the log. What the logger throws is dropped, since it cannot be logged.
   *
   * @param line writes a line
   */
  public static void log(Runnable line) {
    try {
      line.run();
    } catch (Throwable e) {
      // The log itself fails: there is nowhere left to say so.
    }
  }

  /**
   * Runs a task.
   *
   * @param log where it is said that the task failed
   * @param message what failed, for the log
   * @param task what to run
   * @return whether it returned
   */
  public static boolean run(Logger log, String message, Runnable task) {
    try {
      task.run();
      return true;
    } catch (Throwable e) {
      log(() -> log.error(message, e));
      return false;
    }
  }
}
