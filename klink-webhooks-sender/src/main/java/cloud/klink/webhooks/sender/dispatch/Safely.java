package cloud.klink.webhooks.sender.dispatch;

import org.slf4j.Logger;

/** Runs what must not harm whoever calls it, whatever it throws, {@link Error}s included. */
public final class Safely {
  private Safely() {}

  /**
   * Writes into the log. A logger that throws has nobody to tell, so that is dropped.
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
