package cloud.klink.webhooks.setup;

import cloud.klink.webhooks.Reason;
import cloud.klink.webhooks.WebhookException;
import org.jspecify.annotations.Nullable;

/** A sender or receiver cannot be set up from an application's properties and beans. */
public abstract class SetupException extends WebhookException {
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

  /**
   * What is wrong, and what to do.
   *
   * @param property the name in full of the property that is wrong, or null if it is something else
   * @param rule the rule that is broken
   * @param remedy what to do
   * @param cause what was thrown, if something was
   */
  protected SetupException(
      @Nullable String property, String rule, String remedy, @Nullable Throwable cause) {
    super((property == null ? "" : property + ": ") + rule + "; " + remedy, cause);
    this.property = property;
    this.remedy = remedy;
  }

  /**
   * The property that is wrong.
   *
   * @return its name in full, or null if it is something else
   */
  public @Nullable String property() {
    return property;
  }

  /**
   * What to do.
   *
   * @return a sentence
   */
  public String remedy() {
    return remedy;
  }

  @Override
  public Reason reason() {
    return SetupReason.SETUP;
  }
}
