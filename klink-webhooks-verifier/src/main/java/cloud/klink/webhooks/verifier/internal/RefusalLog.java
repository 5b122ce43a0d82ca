package cloud.klink.webhooks.verifier.internal;

import java.time.Clock;
import java.util.OptionalLong;

/** One line for a refusal, and no more lines than strangers may cause. */
public final class RefusalLog {
  private final SafeLog log;
  private final LogLimit limit;

  /**
   * Nothing was refused yet.
   *
   * @param log where the lines are written to
   * @param clock limits how many
   */
  public RefusalLog(SafeLog log, Clock clock) {
    this.log = log;
    this.limit = new LogLimit(clock);
  }

  /**
   * Writes a line at info, unless there were many for the same reason. Nothing depends on it, as
   * {@link SafeLog} tells.
   *
   * @param code the reason's
   * @param message what a stranger may have a part in
   */
  public void write(String code, String message) {
    try {
      writeLine(code, message);
    } catch (Throwable e) {
      ThreadSignals.passOn(e);
    }
  }

  private void writeLine(String code, String message) {
    OptionalLong left = limit.line(code);
    if (left.isEmpty()) {
      return;
    }
    String detail = LogText.line(message);
    if (left.getAsLong() == 0) {
      log.info("Refused a webhook with {}: {}", code, detail);
    } else {
      log.info(
          "Refused a webhook with {}: {} ({} more were refused since the last such line)",
          code,
          detail,
          left.getAsLong());
    }
  }
}
