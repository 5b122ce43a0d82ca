package cloud.klink.webhooks.sender.reason;

import cloud.klink.webhooks.WebhookException;
import java.util.Objects;

/**
 * There is no such webhook, delivery or event, or not any more. Nothing was changed. The reason
 * says what is missing: {@link SenderReason#UNKNOWN_WEBHOOK} and
 * {@link SenderReason#UNKNOWN_DELIVERY} for what was asked for, {@link SenderReason#WEBHOOK_GONE}
 * and {@link SenderReason#EVENT_GONE} for what a delivery needs to be sent again.
 */
public final class NotFoundException extends WebhookException {
  private static final long serialVersionUID = 1L;

  /** What is missing. */
  private final SenderReason reason;

  /**
   * An exception for what is missing.
   *
   * @param reason what is missing
   * @param message the same for people, and what to do
   */
  public NotFoundException(SenderReason reason, String message) {
    super(message, null);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * An exception for a webhook that does not exist.
   *
   * @return the exception, with the reason {@link SenderReason#UNKNOWN_WEBHOOK}
   */
  public static NotFoundException webhook() {
    return new NotFoundException(
        SenderReason.UNKNOWN_WEBHOOK,
        "webhook: no webhook has this id; it may have been deleted. List the webhooks that exist");
  }

  @Override
  public SenderReason reason() {
    return reason;
  }
}
