package cloud.klink.webhooks.verifier.spring;

import cloud.klink.webhooks.setup.SetupException;
import org.jspecify.annotations.Nullable;

/** The receiver cannot be set up; {@link ReceiverFailureAnalyzer} prints it when Spring starts. */
final class ReceiverSetupException extends SetupException {
  private static final long serialVersionUID = 1L;

  private ReceiverSetupException(
      @Nullable String property, String rule, String remedy, @Nullable Throwable cause) {
    super(property, rule, remedy, cause);
  }

  /** A property is wrong; its name is given without the common prefix. */
  static ReceiverSetupException property(
      String name, String rule, String remedy, @Nullable Throwable cause) {
    return new ReceiverSetupException(ReceiverProperties.PREFIX + "." + name, rule, remedy, cause);
  }

  /** Something other than a property is wrong. */
  static ReceiverSetupException of(String rule, String remedy, @Nullable Throwable cause) {
    return new ReceiverSetupException(null, rule, remedy, cause);
  }
}
