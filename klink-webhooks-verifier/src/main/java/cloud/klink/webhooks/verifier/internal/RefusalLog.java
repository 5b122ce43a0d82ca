package cloud.klink.webhooks.verifier.internal;

import java.time.Clock;
import java.util.OptionalLong;

/** Logs refusals, each in one line, and limits the lines of each reason. */
public final class RefusalLog {
  private final SafeLog log;
  private final LogLimit limit;

  /**
   * A log of refusals.
   *
   * @param log receives the lines
   * @param clock the clock of the limit
   */
  public RefusalLog(SafeLog log, Clock clock) {
    this.log = log;
    this.limit = new LogLimit(clock);
  }

  /**
   * Writes a line at info, unless the limit for the reason is reached. Never throws, as
   * {@link SafeLog}.
   *
   * @param code the reason's code
   * @param message the message, which may hold text from a stranger
   */
  public void write(String code, String message) {
    try {
      writeLine(code, message);
    } catch (Throwable e) {
      ThreadSignals.passOn(e);
    }
  }

  private void writeLine(String code, String message) {
    OptionalLong suppressed = limit.acquire(code);
    if (suppressed.isEmpty()) {
      return;
    }
    String detail = LogText.line(message);
    if (suppressed.getAsLong() == 0) {
      log.info("Refused a webhook with {}: {}", code, detail);
    } else {
      log.info(
          "Refused a webhook with {}: {} ({} more were refused since the last such line)",
          code,
          detail,
          suppressed.getAsLong());
    }
  }
}
