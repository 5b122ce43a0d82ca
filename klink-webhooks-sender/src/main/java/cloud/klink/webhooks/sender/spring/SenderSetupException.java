package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.setup.SetupException;
import org.jspecify.annotations.Nullable;

/** The sender cannot be set up; {@link SenderFailureAnalyzer} prints it when Spring starts. */
final class SenderSetupException extends SetupException {
  private static final long serialVersionUID = 1L;

  private SenderSetupException(
      @Nullable String property, String rule, String remedy, @Nullable Throwable cause) {
    super(property, rule, remedy, cause);
  }

  /** A property is wrong; its name is given without the common prefix. */
  static SenderSetupException property(
      String name, String rule, String remedy, @Nullable Throwable cause) {
    return new SenderSetupException(SenderProperties.PREFIX + "." + name, rule, remedy, cause);
  }

  /** Something other than a property is wrong. */
  static SenderSetupException of(String rule, String remedy, @Nullable Throwable cause) {
    return new SenderSetupException(null, rule, remedy, cause);
  }
}
