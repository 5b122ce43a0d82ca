package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.Objects;

/**
 * A webhook with its secrets, as a storage keeps them: texts whose form is the sender's business,
 * perhaps encrypted, as the sender's vault makes them. A storage neither reads nor logs them.
 *
 * @param webhook the webhook
 * @param secret the signing secret
 * @param authentication the value of the authentication header; empty if there is none
 */
public record StoredWebhook(Webhook webhook, String secret, String authentication) {
  /**
   * Checks that nothing is missing.
   *
   * @param webhook the webhook
   * @param secret the signing secret
   * @param authentication the value of the authentication header
   */
  public StoredWebhook {
    Objects.requireNonNull(webhook, "webhook");
    Objects.requireNonNull(secret, "secret");
    Objects.requireNonNull(authentication, "authentication");
  }

  /**
   * The id.
   *
   * @return the webhook's
   */
  public String id() {
    return webhook.id();
  }

  /** Tells the webhook only. */
  @Override
  public String toString() {
    return "StoredWebhook[" + webhook + ", ***]";
  }
}
