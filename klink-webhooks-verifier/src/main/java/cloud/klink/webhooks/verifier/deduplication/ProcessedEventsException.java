package cloud.klink.webhooks.verifier.deduplication;

import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.verifier.RefusalReason;
import org.jspecify.annotations.Nullable;

/** The record of processed events cannot be read or written. */
public final class ProcessedEventsException extends WebhookException {
  private static final long serialVersionUID = 1L;

  /**
   * Reports a failure.
   *
   * @param message what could not be done and how to fix it
   * @param cause what was thrown below, or null
   */
  public ProcessedEventsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * {@inheritDoc}
   *
   * @return always {@link RefusalReason#DEDUPLICATION_UNAVAILABLE}
   */
  @Override
  public RefusalReason reason() {
    return RefusalReason.DEDUPLICATION_UNAVAILABLE;
  }
}
