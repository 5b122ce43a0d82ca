package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.Reason;
import cloud.klink.webhooks.WebhookException;
import org.jspecify.annotations.Nullable;

/** The sender cannot be set up; {@link SenderFailureAnalyzer} prints it when Spring starts. */
final class SenderSetupException extends WebhookException {
  private static final long serialVersionUID = 1L;

  /** The property that is wrong, in full, or null if it is something else. */
  private final @Nullable String property;

  /** What to do. */
  private final String remedy;

  private enum SetupReason implements Reason {
    SETUP;

    @Override
    public String code() {
      return "setup";
    }
  }

  private SenderSetupException(
      @Nullable String property, String rule, String remedy, @Nullable Throwable cause) {
    super((property == null ? "" : property + ": ") + rule + "; " + remedy, cause);
    this.property = property;
    this.remedy = remedy;
  }

  /** A property is wrong; its name is given without the prefix that all have. */
  static SenderSetupException property(
      String name, String rule, String remedy, @Nullable Throwable cause) {
    return new SenderSetupException(SenderProperties.PREFIX + "." + name, rule, remedy, cause);
  }

  /** Something other than a property is wrong. */
  static SenderSetupException of(String rule, String remedy, @Nullable Throwable cause) {
    return new SenderSetupException(null, rule, remedy, cause);
  }

  @Nullable
  String property() {
    return property;
  }

  String remedy() {
    return remedy;
  }

  @Override
  public Reason reason() {
    return SetupReason.SETUP;
  }
}
