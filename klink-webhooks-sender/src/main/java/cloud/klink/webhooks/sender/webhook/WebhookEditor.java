package cloud.klink.webhooks.sender.webhook;

import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Creates or edits a webhook. The methods take any value, including null, as it comes from a form;
 * {@link #save} checks all values at once. What an edit does not set stays as it is, secrets
 * included. Not safe for use by several threads at once.
 */
public interface WebhookEditor {
  /**
   * The name; required.
   *
   * @param name 1 to 100 characters, without control characters and white space at the ends
   * @return this editor
   */
  WebhookEditor name(@Nullable String name);

  /**
   * The endpoint; required. If an edit changes its scheme, host or port, it must also set the
   * authentication, unless there is none. Otherwise anybody who may edit a webhook could have the
   * secret value sent to an endpoint of their own.
   *
   * @param url an absolute URL of at most 2,000 characters that the endpoint policy allows; its
   *     scheme is {@code http} or {@code https} for {@link DeliveryMethod#WEBHOOK}, and {@code ws}
   *     or {@code wss} for {@link DeliveryMethod#WEBSOCKET}
   * @return this editor
   */
  WebhookEditor url(@Nullable String url);

  /**
   * How deliveries reach the endpoint; {@link DeliveryMethod#WEBHOOK} unless this is called.
   *
   * @param method a method for which the sender has a transport
   * @return this editor
   */
  WebhookEditor method(@Nullable DeliveryMethod method);

  /**
   * No authentication beside the signature, as for a new webhook. A stored value is removed.
   *
   * @return this editor
   */
  WebhookEditor noAuthentication();

  /**
   * Basic authentication: {@code Authorization: <token>}.
   *
   * @param token 1 to 4,096 visible ASCII characters, with spaces and tabs only between them; sent
   *     unchanged, so it includes the scheme, such as {@code Basic}
   * @return this editor
   */
  WebhookEditor basicAuthentication(@Nullable String token);

  /**
   * Authentication by a header.
   *
   * @param header an RFC 9110 token of at most 100 characters, none that HTTP or the sender sets
   *     itself
   * @param value 1 to 4,096 visible ASCII characters, with spaces and tabs only between them
   * @return this editor
   */
  WebhookEditor headerAuthentication(@Nullable String header, @Nullable String value);

  /**
   * Adds single events.
   *
   * @param events their names
   * @return this editor
   */
  WebhookEditor subscribe(@Nullable EventName... events);

  /**
   * Adds groups, including events that are added to them later.
   *
   * @param groups the groups
   * @return this editor
   */
  WebhookEditor subscribeAll(@Nullable EventGroup... groups);

  /**
   * Removes single events; those of a subscribed group stay.
   *
   * @param events their names
   * @return this editor
   */
  WebhookEditor unsubscribe(@Nullable EventName... events);

  /**
   * Removes groups; events that were added by name stay.
   *
   * @param groups the groups
   * @return this editor
   */
  WebhookEditor unsubscribeAll(@Nullable EventGroup... groups);

  /**
   * Replaces all subscriptions: 1 to 200.
   *
   * @param texts names of events, such as {@code contact.created}, and of groups, such as
   *     {@code contact.*}; null for none
   * @return this editor
   */
  WebhookEditor subscriptions(@Nullable Collection<? extends @Nullable String> texts);

  /**
   * Checks all values and stores the webhook. A new webhook is active and has a new secret. An
   * edited one keeps what was not set. Afterwards the editor edits what it has saved. If this
   * throws a {@code StorageException}, it can be called again: it neither stores a second webhook
   * nor mistakes its own first call for another edit.
   *
   * <p>Secrets that cannot be read do not prevent an edit: one that sets the authentication
   * replaces it, and any other leaves it as it is.
   *
   * @return the webhook as it is stored now; an edit that changes nothing stores nothing
   * @throws InvalidWebhookException if rules are broken, with all of them; nothing was changed
   * @throws StaleWebhookException if the webhook was changed since it was read; nothing was changed
   * @throws NotFoundException if the webhook was deleted
   * @throws UnreadableSecretException if a first call stored it, and it was then encrypted under a
   *     key that this sender does not have
   */
  Webhook save();
}
