package cloud.klink.webhooks.sender.secret;

import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.sender.reason.SenderReason;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A stored secret of a webhook cannot be read. It harms no other webhook. */
public final class UnreadableSecretException extends WebhookException {
  private static final long serialVersionUID = 1L;

  /** The webhook. */
  private final String webhookId;

  /** Which of its secrets. */
  private final String field;

  /** Why. */
  private final SenderReason reason;

  /**
   * A secret cannot be read.
   *
   * @param webhookId the webhook
   * @param field which of its secrets: {@code secret} or {@code authentication.value}
   * @param reason why
   * @param message what is wrong and how to fix it, without any secret
   * @param cause what was thrown below, or null
   */
  public UnreadableSecretException(
      String webhookId,
      String field,
      SenderReason reason,
      String message,
      @Nullable Throwable cause) {
    super(message, cause);
    this.webhookId = Objects.requireNonNull(webhookId, "webhookId");
    this.field = Objects.requireNonNull(field, "field");
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * The webhook.
   *
   * @return its id
   */
  public String webhookId() {
    return webhookId;
  }

  /**
   * Which of its secrets.
   *
   * @return {@code secret} or {@code authentication.value}
   */
  public String field() {
    return field;
  }

  @Override
  public SenderReason reason() {
    return reason;
  }
}
