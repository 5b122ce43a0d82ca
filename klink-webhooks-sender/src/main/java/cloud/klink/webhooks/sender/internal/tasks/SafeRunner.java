package cloud.klink.webhooks.sender.internal.tasks;

import org.slf4j.Logger;

/** Runs tasks whose failures, {@link Error}s included, must not reach the caller. */
public final class SafeRunner {
  private SafeRunner() {}

  /**
   * Writes a log line. An exception of the logger is ignored, since it cannot be logged.
   *
   * @param line writes the line
   */
  public static void log(Runnable line) {
    try {
      line.run();
    } catch (Throwable e) {
      // The logger itself failed.
    }
  }

  /**
   * Runs a task.
   *
   * @param log receives the failure of the task
   * @param message what failed, for the log
   * @param task the task
   * @return whether the task succeeded
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
