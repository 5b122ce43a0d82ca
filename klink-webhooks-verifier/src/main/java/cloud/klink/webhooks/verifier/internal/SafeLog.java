package cloud.klink.webhooks.verifier.internal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A logger that never throws. Writing a line can fail, for example when memory is short or when an
 * exception of the user's cannot be printed. Then only that line is lost.
 */
public final class SafeLog {
  private final Logger log;

  private SafeLog(Logger log) {
    this.log = log;
  }

  /** Returns the log of a class. */
  public static SafeLog of(Class<?> owner) {
    return new SafeLog(LoggerFactory.getLogger(owner));
  }

  /** Writes a line at error; the last argument may be a failure. */
  public void error(String format, Object... arguments) {
    write(() -> log.error(format, arguments));
  }

  /** Writes a line at warn; the last argument may be a failure. */
  public void warn(String format, Object... arguments) {
    write(() -> log.warn(format, arguments));
  }

  /** Writes a line at info; the last argument may be a failure. */
  public void info(String format, Object... arguments) {
    write(() -> log.info(format, arguments));
  }

  /** Writes a line at debug; the last argument may be a failure. */
  public void debug(String format, Object... arguments) {
    write(() -> log.debug(format, arguments));
  }

  private static void write(Runnable line) {
    try {
      line.run();
    } catch (Throwable e) {
      ThreadSignals.passOn(e);
    }
  }
}
