package cloud.klink.webhooks;

import org.jspecify.annotations.Nullable;

/**
 * The root of all exceptions that this library throws on purpose, so that one {@code catch} finds
 * them all. Each carries a {@link Reason} that programs can act on; the message is for people.
 */
public abstract class WebhookException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception without a cause.
   *
   * @param message what went wrong and what to do about it; never holds a secret
   */
  protected WebhookException(String message) {
    super(message);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message what went wrong and what to do about it; never holds a secret
   * @param cause what led to this, or null where nothing did
   */
  protected WebhookException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * Returns why this was thrown.
   *
   * @return the reason, whose code is stable and machine-readable
   */
  public abstract Reason reason();
}
