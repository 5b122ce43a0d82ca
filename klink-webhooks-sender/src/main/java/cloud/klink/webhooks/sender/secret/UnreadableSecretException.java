package cloud.klink.webhooks.sender.secret;

import cloud.klink.webhooks.WebhookException;
import org.jspecify.annotations.Nullable;

/** A stored secret of a webhook cannot be read. It harms no other webhook. */
public final class UnreadableSecretException extends WebhookException {
  private static final long serialVersionUID = 1L;

  /** The webhook. */
  private final String webhookId;

  /** Which of its secrets. */
  private final String field;

  /** Why. */
  private final SecretReason reason;

  UnreadableSecretException(SecretPlace place, SecretReason reason) {
    this(place, reason, "", null);
  }

  UnreadableSecretException(
      SecretPlace place, SecretReason reason, String keyId, @Nullable Throwable cause) {
    super(
        "webhook " + place.webhookId() + ", " + place.field().id() + ": " + reason.rule(keyId)
            + ", or " + place.field().remedy(),
        cause);
    this.webhookId = place.webhookId();
    this.field = place.field().id();
    this.reason = reason;
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
  public SecretReason reason() {
    return reason;
  }
}
