package cloud.klink.webhooks.sender.internal.prepare;

import cloud.klink.webhooks.WebhookException;
import cloud.klink.webhooks.canonical.CanonicalTarget;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.internal.secret.SecretCodec;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.EndpointPolicy;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.transport.Transport;
import cloud.klink.webhooks.sender.transport.net.AuthenticationHeader;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.signature.SigningSecret;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A webhook that is prepared for sending once and used for many deliveries.
 *
 * @param webhook the webhook
 * @param policy its policy
 * @param transport the transport of its deliveries; null if nothing may be sent
 * @param ready what attempts need; null if nothing may be sent
 * @param outcome the outcome of attempts if nothing may be sent
 * @param fault why nothing may be sent; empty otherwise
 */
public record PreparedWebhook(
    Webhook webhook,
    DeliveryPolicy policy,
    @Nullable Transport transport,
    @Nullable Ready ready,
    AttemptOutcome outcome,
    String fault) {
  private static final Pattern HOST =
      Pattern.compile("[^:/?#]*://(?:[^/?#@]*@)?(\\[[^\\]]*]|[^:/?#]*)");

  /** The values that attempts need. */
  public record Ready(
      CanonicalTarget canonical,
      SigningSecret secret,
      Optional<AuthenticationHeader> authentication,
      Redaction redaction) {
    Ready(
        CanonicalTarget canonical,
        SigningSecret secret,
        Optional<AuthenticationHeader> authentication) {
      this(
          canonical,
          secret,
          authentication,
          Redaction.of(
              secret.reveal(), authentication.map(AuthenticationHeader::value).orElse("")));
    }
  }

  /**
   * Prepares a webhook.
   *
   * @throws WebhookException if its row is damaged or its secrets cannot be read
   */
  public static PreparedWebhook of(
      StoredWebhook stored,
      SecretCodec secretCodec,
      DeliveryPolicy policy,
      EndpointPolicy endpoints,
      @Nullable Transport transport) {
    Webhook webhook = stored.webhook();
    if (transport == null) {
      return faulty(
          webhook,
          policy,
          AttemptOutcome.INTERNAL,
          "this sender has no transport for " + webhook.method().id());
    }
    List<String> faults = endpoints.faults(webhook.url());
    if (!faults.isEmpty()) {
      return faulty(
          webhook,
          policy,
          AttemptOutcome.NOT_ALLOWED,
          "the endpoint is not allowed: " + String.join("; ", faults));
    }
    Ready ready = new Ready(
        CanonicalTarget.of("POST", webhook.url()),
        secretCodec.openSecret(webhook.id(), stored.secretVersion(), stored.secret()),
        webhook.authenticationHeader().map(name -> header(name, stored, secretCodec)));
    return new PreparedWebhook(webhook, policy, transport, ready, AttemptOutcome.SUCCEEDED, "");
  }

  private static AuthenticationHeader header(
      String name, StoredWebhook stored, SecretCodec secretCodec) {
    String value = secretCodec.openAuthentication(
        stored.id(),
        stored.webhook().url(),
        stored.authenticationVersion(),
        stored.authentication());
    if (!AuthenticationHeader.isValue(value)) {
      throw new IllegalArgumentException(
          "authentication.value: the stored value is not valid in a header");
    }
    return new AuthenticationHeader(name, value);
  }

  boolean isNewerThan(PreparedWebhook other) {
    return webhook.version() > other.webhook.version();
  }

  /** The host of its URL, even of a URL that the endpoint policy refuses. */
  public String host() {
    Matcher matcher = HOST.matcher(webhook.url());
    return (matcher.lookingAt() ? matcher.group(1) : webhook.url()).toLowerCase(Locale.ROOT);
  }

  private static PreparedWebhook faulty(
      Webhook webhook, DeliveryPolicy policy, AttemptOutcome outcome, String fault) {
    return new PreparedWebhook(webhook, policy, null, null, outcome, fault);
  }
}
