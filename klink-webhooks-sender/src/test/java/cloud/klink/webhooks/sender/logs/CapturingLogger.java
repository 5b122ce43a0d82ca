package cloud.klink.webhooks.sender.logs;

import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** A logger that {@link CapturedLog} sees. */
final class CapturingLogger extends LegacyAbstractLogger {
  private static final long serialVersionUID = 1L;

  CapturingLogger(String name) {
    this.name = name;
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String message,
      Object @Nullable [] arguments,
      @Nullable Throwable exception) {
    String text = MessageFormatter.basicArrayFormat(message, arguments);
    CapturedLog.add(new LogLine(level, name, text, exception));
  }

  @Override
  public boolean isTraceEnabled() {
    return CapturedLog.isEnabled(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return CapturedLog.isEnabled(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return CapturedLog.isEnabled(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return CapturedLog.isEnabled(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return CapturedLog.isEnabled(Level.ERROR);
  }
}
