package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.Objects;

/**
 * A webhook with its secrets, as a storage keeps them: texts in a form that only the sender
 * understands, encrypted if it has a cipher. A storage neither interprets nor logs them.
 *
 * <p>Each of the two texts has its own version, which increases only when the text is replaced. An
 * encrypted text is bound to its version, so an old text that is put back cannot be read.
 * Immutable. The texts appear neither in {@link #toString} nor in JSON that Jackson prints.
 */
public final class StoredWebhook {
  private final Webhook webhook;
  private final transient String secret;
  private final long secretVersion;
  private final transient String authentication;
  private final long authenticationVersion;

  /**
   * A new webhook: both texts have version 1.
   *
   * @param webhook the webhook
   * @param secret the signing secret
   * @param authentication the value of the authentication header; empty if there is none
   */
  public StoredWebhook(Webhook webhook, String secret, String authentication) {
    this(webhook, secret, 1, authentication, 1);
  }

  /**
   * A webhook as a storage has kept it.
   *
   * @param webhook the webhook
   * @param secret the signing secret
   * @param secretVersion the version of that text
   * @param authentication the value of the authentication header; empty if there is none
   * @param authenticationVersion the version of that text
   */
  public StoredWebhook(
      Webhook webhook,
      String secret,
      long secretVersion,
      String authentication,
      long authenticationVersion) {
    this.webhook = Objects.requireNonNull(webhook, "webhook");
    this.secret = Objects.requireNonNull(secret, "secret");
    this.secretVersion = secretVersion;
    this.authentication = Objects.requireNonNull(authentication, "authentication");
    this.authenticationVersion = authenticationVersion;
  }

  /**
   * The id.
   *
   * @return the id of the webhook
   */
  public String id() {
    return webhook.id();
  }

  /**
   * The webhook.
   *
   * @return the webhook, without its secrets
   */
  public Webhook webhook() {
    return webhook;
  }

  /**
   * The signing secret.
   *
   * @return its stored form; treat it as a secret
   */
  public String secret() {
    return secret;
  }

  /**
   * How often {@link #secret} was replaced.
   *
   * @return 1 for a new webhook, and one more for each replacement
   */
  public long secretVersion() {
    return secretVersion;
  }

  /**
   * The value of the authentication header.
   *
   * @return its stored form; treat it as a secret. Empty if there is none
   */
  public String authentication() {
    return authentication;
  }

  /**
   * How often {@link #authentication} was replaced.
   *
   * @return 1 for a new webhook, and one more for each replacement
   */
  public long authenticationVersion() {
    return authenticationVersion;
  }

  /**
   * The same secrets with a changed webhook.
   *
   * @param changed the webhook
   * @return what to store
   */
  public StoredWebhook withWebhook(Webhook changed) {
    return new StoredWebhook(changed, secret, secretVersion, authentication, authenticationVersion);
  }

  /**
   * The same with another signing secret, as its next version.
   *
   * @param replacement its stored form
   * @return what to store
   */
  public StoredWebhook withSecret(String replacement) {
    return new StoredWebhook(
        webhook, replacement, secretVersion + 1, authentication, authenticationVersion);
  }

  /**
   * The same with another value of the authentication header, as its next version.
   *
   * @param replacement its stored form; empty for none
   * @return what to store
   */
  public StoredWebhook withAuthentication(String replacement) {
    return new StoredWebhook(
        webhook, secret, secretVersion, replacement, authenticationVersion + 1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StoredWebhook stored
        && webhook.equals(stored.webhook)
        && secret.equals(stored.secret)
        && secretVersion == stored.secretVersion
        && authentication.equals(stored.authentication)
        && authenticationVersion == stored.authenticationVersion;
  }

  @Override
  public int hashCode() {
    return Objects.hash(webhook, secretVersion, authenticationVersion);
  }

  /** Returns the webhook without the two texts. */
  @Override
  public String toString() {
    return "StoredWebhook[" + webhook + ", ***]";
  }
}
