package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.sender.reason.SenderReason;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A call of a storage failed. */
public final class StorageException extends WebhookException {
  private static final long serialVersionUID = 1L;

  /** The cause, for programs. */
  private final SenderReason reason;

  /**
   * Reports a failure.
   *
   * @param reason why, for programs
   * @param message what could not be done, why, and how to fix it; without secrets
   * @param cause the exception that caused this, or null
   */
  public StorageException(SenderReason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  @Override
  public SenderReason reason() {
    return reason;
  }
}
