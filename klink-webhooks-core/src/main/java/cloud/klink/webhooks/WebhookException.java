package cloud.klink.webhooks;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The root of every exception that this library throws on purpose.
 *
 * <p>{@link #reason()} is for programs: a stable, machine-readable value. The message is for
 * people: it says which rule was broken, where, and how to fix it. Neither ever holds a secret or
 * an expected signature.
 */
public abstract class WebhookException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * For subclasses.
   *
   * @param message which rule was broken, where, and how to fix it
   * @param cause what was thrown below, or null
   */
  protected WebhookException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * Why, for people: which rule was broken, where, and how to fix it.
   *
   * @return a text without any secret
   */
  @Override
  public String getMessage() {
    return Objects.requireNonNullElse(super.getMessage(), "");
  }

  /**
   * Why, for programs. Subclasses narrow the type to an enum of their own.
   *
   * @return the reason, the same for every failure of this kind
   */
  public abstract Reason reason();
}
