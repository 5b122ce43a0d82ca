package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.List;

/**
 * A webhook as somebody typed it: anything at all.
 *
 * @param name the name
 * @param method the method's id
 * @param url the endpoint
 * @param authentication what to do about authentication
 * @param header the name of the authentication's header
 * @param value the authentication's value, a secret
 * @param events events and groups
 * @param version the version that the edit was begun from; 0 for a new webhook
 */
public record WebhookForm(
    String name,
    String method,
    String url,
    AuthenticationChoice authentication,
    String header,
    String value,
    List<String> events,
    long version) {
  /** A new webhook's form before anything is typed. */
  public static final WebhookForm EMPTY =
      new WebhookForm("", "webhook", "", AuthenticationChoice.NONE, "", "", List.of(), 0);

  /**
   * Copies the list.
   *
   * @param name the name
   * @param method the method's id
   * @param url the endpoint
   * @param authentication what to do about authentication
   * @param header the header's name
   * @param value the value
   * @param events events and groups
   * @param version the version
   */
  public WebhookForm {
    events = List.copyOf(events);
  }

  /**
   * The form of a stored webhook.
   *
   * @param webhook the webhook
   * @return what it holds, without secrets
   */
  public static WebhookForm of(Webhook webhook) {
    return new WebhookForm(
        webhook.name(),
        webhook.method().id(),
        webhook.url(),
        webhook.authenticationHeader().isEmpty()
            ? AuthenticationChoice.NONE
            : AuthenticationChoice.KEEP,
        "",
        "",
        List.copyOf(webhook.subscriptions()),
        webhook.version());
  }

  /**
   * The same as an edit of another version.
   *
   * @param next the version
   * @return the form
   */
  public WebhookForm withVersion(long next) {
    return new WebhookForm(name, method, url, authentication, header, value, events, next);
  }

  /** Tells the name only: the URL and the value may be secrets. */
  @Override
  public String toString() {
    return "WebhookForm[" + name + "]";
  }
}
