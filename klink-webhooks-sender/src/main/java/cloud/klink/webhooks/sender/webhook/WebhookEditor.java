package cloud.klink.webhooks.sender.webhook;

import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A webhook that is being created or edited. What is entered may be anything, null too, as it comes
 * from a form: {@link #save} checks all of it at once. What an edit does not touch stays as it is,
 * the secrets too. Not for use by several threads.
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
   * The endpoint; required. If an edit changes its scheme, host or port, the authentication must be
   * set in the same edit, again or anew, unless there is none: else who may edit a webhook could
   * have its value sent to an endpoint of their own.
   *
   * @param url an absolute URL of at most 2,000 characters that the endpoint policy allows; its
   *     scheme goes with the method
   * @return this editor
   */
  WebhookEditor url(@Nullable String url);

  /**
   * How deliveries reach it; {@link DeliveryMethod#WEBHOOK} unless this is called.
   *
   * @param method one that the sender has a transport for
   * @return this editor
   */
  WebhookEditor method(@Nullable DeliveryMethod method);

  /**
   * No authentication beside the signature, as for a new webhook. The value that there was is
   * forgotten.
   *
   * @return this editor
   */
  WebhookEditor noAuthentication();

  /**
   * Basic authentication: {@code Authorization: <token>}.
   *
   * @param token 1 to 4,096 visible ASCII characters, with spaces and tabs only between them; sent
   *     as it is, with its own {@code Basic} if there is to be one
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
   * Adds groups, with the events that join them later.
   *
   * @param groups the groups
   * @return this editor
   */
  WebhookEditor subscribeAll(@Nullable EventGroup... groups);

  /**
   * Takes single events away; what a group includes stays.
   *
   * @param events their names
   * @return this editor
   */
  WebhookEditor unsubscribe(@Nullable EventName... events);

  /**
   * Takes groups away; events of theirs that were added by name stay.
   *
   * @param groups the groups
   * @return this editor
   */
  WebhookEditor unsubscribeAll(@Nullable EventGroup... groups);

  /**
   * Sets all subscriptions, instead of those that there were: 1 to 200.
   *
   * @param texts events' names, as {@code contact.created}, and groups', as {@code contact.*}; null
   *     for none
   * @return this editor
   */
  WebhookEditor subscriptions(@Nullable Collection<? extends @Nullable String> texts);

  /**
   * Checks everything and stores the webhook: a new one with a new secret, active; an edited one
   * with all that was not touched. The editor can be used on, and edits then what it has saved. If
   * this throws a storage's exception, it can be called again, and neither stores a second webhook
   * nor takes its own first try for somebody else's.
   *
   * <p>That what is stored cannot be read does not matter: an edit that sets the authentication
   * replaces it, and any other leaves it as it is.
   *
   * @return the webhook as it is stored now; an edit that changes nothing stores nothing
   * @throws InvalidWebhookException if rules are broken, with all of them; nothing was changed
   * @throws StaleWebhookException if the webhook was changed since it was read; nothing was changed
   * @throws NotFoundException if the webhook was deleted
   * @throws UnreadableSecretException if it was stored by a first try and encrypted anew since,
   *     under a key that this sender has not got
   */
  Webhook save();
}
