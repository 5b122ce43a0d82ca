package cloud.klink.webhooks.sender.manage;

import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Collects what somebody enters for a webhook, null and nonsense included, and checks all of it
 * when it is saved. What is not touched stays as it is. For one thread, and to be saved once.
 */
public final class WebhookEditor {
  /** The longest name, in characters. */
  public static final int MAX_NAME_LENGTH = 100;

  /** The longest URL, in characters. */
  public static final int MAX_URL_LENGTH = 2_000;

  /** The most subscriptions. */
  public static final int MAX_SUBSCRIPTIONS = 200;

  /** The longest name of a custom header, in characters. */
  public static final int MAX_HEADER_NAME_LENGTH = 100;

  /** The longest value of an authentication header, in characters. */
  public static final int MAX_HEADER_VALUE_LENGTH = 4_096;

  private final Draft draft;
  private final Function<Draft, Webhook> save;
  private boolean saved;

  WebhookEditor(Draft draft, Function<Draft, Webhook> save) {
    this.draft = draft;
    this.save = save;
  }

  /**
   * The name.
   *
   * @param name 1 to {@value #MAX_NAME_LENGTH} characters, no control characters
   * @return this editor
   */
  public WebhookEditor name(@Nullable String name) {
    draft.name = name;
    return this;
  }

  /**
   * The method; {@link DeliveryMethod#WEBHOOK} for a new webhook unless this is called.
   *
   * @param method one for which the sender has a transport
   * @return this editor
   */
  public WebhookEditor method(@Nullable DeliveryMethod method) {
    draft.method = method;
    return this;
  }

  /**
   * The endpoint.
   *
   * @param url a URL that the sender's endpoint policy allows, of at most {@value #MAX_URL_LENGTH}
   *     characters
   * @return this editor
   */
  public WebhookEditor url(@Nullable String url) {
    draft.url = url;
    return this;
  }

  /**
   * No authentication beside the signature; so it is for a new webhook.
   *
   * @return this editor
   */
  public WebhookEditor noAuthentication() {
    draft.authentication = Draft.HeaderDraft.NONE;
    return this;
  }

  /**
   * Basic, in the product's sense: {@code Authorization} with the token as it is given.
   *
   * @param token 1 to {@value #MAX_HEADER_VALUE_LENGTH} visible ASCII characters, spaces and tabs
   *     between them
   * @return this editor
   */
  public WebhookEditor basicAuthentication(@Nullable String token) {
    draft.authentication = new Draft.HeaderDraft(true, "Authorization", token == null ? "" : token);
    return this;
  }

  /**
   * A header of the customer's choice.
   *
   * @param name an RFC 9110 token; none that HTTP or the sender sets itself
   * @param value 1 to {@value #MAX_HEADER_VALUE_LENGTH} visible ASCII characters, spaces and tabs
   *     between them
   * @return this editor
   */
  public WebhookEditor headerAuthentication(@Nullable String name, @Nullable String value) {
    draft.authentication =
        new Draft.HeaderDraft(false, name == null ? "" : name, value == null ? "" : value);
    return this;
  }

  /**
   * Subscribes to single events, beside what it is subscribed to already.
   *
   * @param names their names
   * @return this editor
   */
  public WebhookEditor subscribe(EventName... names) {
    for (EventName name : names) {
      draft.selectors.add(name.value());
    }
    return this;
  }

  /**
   * Subscribes to whole groups, with the events that join them later.
   *
   * @param groups the groups
   * @return this editor
   */
  public WebhookEditor subscribeAll(EventGroup... groups) {
    for (EventGroup group : groups) {
      draft.selectors.add(group.value() + ".*");
    }
    return this;
  }

  /**
   * The subscriptions as texts, instead of those that there were.
   *
   * @param selectors 1 to {@value #MAX_SUBSCRIPTIONS} events' names, as {@code contact.created}, or
   *     groups' with a star, as {@code contact.*}
   * @return this editor
   */
  public WebhookEditor subscriptions(Collection<@Nullable String> selectors) {
    draft.selectors.clear();
    draft.selectors.addAll(selectors);
    return this;
  }

  /**
   * Checks and saves. A node that is sending to the webhook at this moment finishes what is in
   * flight; the node that saved begins nothing more as it was before, others may for a second.
   *
   * @return the webhook as it is now
   * @throws InvalidWebhookException if something is wrong, with all that is; nothing was changed,
   *     and the editor can be corrected and saved again
   * @throws StaleWebhookException if somebody changed the webhook since it was read; nothing was
   *     changed
   * @throws UnknownWebhookException if it was deleted since
   * @throws IllegalStateException if this editor was saved already
   * @throws StorageException if the storage cannot do it; whether it was done is not known then
   */
  public Webhook save() {
    if (saved) {
      throw new IllegalStateException("This editor was saved; begin another one");
    }
    Webhook webhook = save.apply(draft);
    saved = true;
    return webhook;
  }
}
