package cloud.klink.webhooks.sender.internal.manage;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.secret.UnreadableSecretException;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.StaleWebhookException;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.WebhookEditor;
import cloud.klink.webhooks.signature.SigningSecret;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An edit of a webhook, which is checked and stored as a whole. */
final class WebhookEdit implements WebhookEditor {
  private static final int MAX_ID_TRIES = 10;

  private final ManageSettings settings;
  private final WebhookWriter writer;
  private final Environment environment;
  private final Set<String> selectors = new LinkedHashSet<>();
  private @Nullable Webhook base;
  private @Nullable String name;
  private @Nullable String url;
  private @Nullable DeliveryMethod method = DeliveryMethod.WEBHOOK;
  private transient @Nullable EnteredAuthentication authentication;
  private @Nullable StoredWebhook attempted;

  WebhookEdit(ManageSettings settings, Environment environment, @Nullable Webhook base) {
    this.settings = settings;
    this.writer = new WebhookWriter(settings);
    this.environment = environment;
    this.base = base;
    if (base != null) {
      this.name = base.name();
      this.url = base.url();
      this.method = base.method();
      selectors.addAll(base.subscriptions());
    }
  }

  /** The authentication header as it was entered. */
  private record EnteredAuthentication(
      boolean isNone, @Nullable String name, @Nullable String value) {
    void check(WebhookValidator validator) {
      if (!isNone) {
        validator.headerName(name);
        validator.headerValue(value);
      }
    }
  }

  @Override
  public WebhookEditor name(@Nullable String name) {
    this.name = name;
    return this;
  }

  @Override
  public WebhookEditor url(@Nullable String url) {
    this.url = url;
    return this;
  }

  @Override
  public WebhookEditor method(@Nullable DeliveryMethod method) {
    this.method = method;
    return this;
  }

  @Override
  public WebhookEditor noAuthentication() {
    this.authentication = new EnteredAuthentication(true, null, null);
    return this;
  }

  @Override
  public WebhookEditor basicAuthentication(@Nullable String token) {
    return headerAuthentication("Authorization", token);
  }

  @Override
  public WebhookEditor headerAuthentication(@Nullable String header, @Nullable String value) {
    this.authentication = new EnteredAuthentication(false, header, value);
    return this;
  }

  @Override
  public WebhookEditor subscribe(@Nullable EventName... events) {
    for (EventName event : events) {
      selectors.add(event == null ? "" : event.value());
    }
    return this;
  }

  @Override
  public WebhookEditor subscribeAll(@Nullable EventGroup... groups) {
    for (EventGroup group : groups) {
      selectors.add(selector(group));
    }
    return this;
  }

  @Override
  public WebhookEditor unsubscribe(@Nullable EventName... events) {
    for (EventName event : events) {
      selectors.remove(event == null ? "" : event.value());
    }
    return this;
  }

  @Override
  public WebhookEditor unsubscribeAll(@Nullable EventGroup... groups) {
    for (EventGroup group : groups) {
      selectors.remove(selector(group));
    }
    return this;
  }

  private static String selector(@Nullable EventGroup group) {
    return group == null ? "" : group.value() + ".*";
  }

  @Override
  public WebhookEditor subscriptions(@Nullable Collection<? extends @Nullable String> texts) {
    selectors.clear();
    if (texts != null) {
      for (String text : texts) {
        selectors.add(text == null ? "" : text);
      }
    }
    return this;
  }

  @Override
  public Webhook save() {
    check();
    Webhook edited = base;
    StoredWebhook saved = edited == null ? insert() : update(edited);
    base = saved.webhook();
    attempted = null;
    authentication = null;
    return saved.webhook();
  }

  private void check() {
    WebhookValidator validator = new WebhookValidator();
    validator.name(name);
    validator.url(url, method, settings.endpoints());
    validator.method(method, settings.methods());
    if (authentication != null) {
      authentication.check(validator);
    } else if (base != null) {
      validator.sameOrigin(url, base);
    }
    validator.subscriptions(selectors);
    validator.check();
  }

  private StoredWebhook insert() {
    StoredWebhook first = attempted;
    if (first != null && isStored(first)) {
      return update(first.webhook());
    }
    for (int tries = 0; tries < MAX_ID_TRIES; tries++) {
      String id = settings.ids().get();
      SigningSecret secret = SigningSecret.generate(settings.random());
      Webhook webhook =
          entered(Webhook.builder().id(id).environment(environment).createdAt(writer.now()));
      StoredWebhook next = new StoredWebhook(
          webhook,
          settings.secretCodec().sealSecret(id, 1, secret),
          settings.secretCodec().sealAuthentication(id, webhook.url(), 1, enteredValue()));
      attempted = next;
      if (writer.insert(next)) {
        return next;
      }
    }
    throw new IllegalStateException(
        "ids: the supplied ids of new webhooks exist already; supply unique ones");
  }

  /**
   * Whether a call that threw has stored the webhook. It is recognized by its secret, even if it
   * was re-encrypted since.
   */
  private boolean isStored(StoredWebhook webhook) {
    return writer
        .find(webhook.id())
        .filter(stored ->
            stored.secret().equals(webhook.secret()) || secret(stored).equals(secret(webhook)))
        .isPresent();
  }

  private SigningSecret secret(StoredWebhook stored) {
    return settings.secretCodec().openSecret(stored.id(), stored.secretVersion(), stored.secret());
  }

  private StoredWebhook update(Webhook edited) {
    StoredWebhook stored = writer.get(edited.id());
    StoredWebhook tried = attempted;
    if (tried == null
        || !stored.equals(tried)) { // otherwise a call that threw has stored this version
      checkVersion(edited, stored);
    }
    if (authentication == null) {
      WebhookValidator validator =
          new WebhookValidator(); // the caller's webhook may differ from the stored one
      validator.sameOrigin(url, stored.webhook());
      validator.check();
    }
    StoredWebhook same = authenticated(stored, entered(stored.webhook().toBuilder()));
    if (same.equals(stored)) {
      writer.awaitCopies();
      return stored;
    }
    StoredWebhook next =
        same.withWebhook(writer.next(same.webhook(), writer.now()).build());
    attempted = next;
    if (!writer.update(next)) {
      checkVersion(edited, writer.get(edited.id()));
      throw new IllegalStateException("storage: it does not accept the next version of a webhook");
    }
    return next;
  }

  private static void checkVersion(Webhook edited, StoredWebhook stored) {
    long version = stored.webhook().version();
    if (version != edited.version()) {
      throw new StaleWebhookException(edited.id(), edited.version(), version);
    }
  }

  /** Applies the entered values, which have been checked, to a builder. */
  private Webhook entered(Webhook.Builder webhook) {
    if (authentication != null) {
      webhook.authenticationHeader(Objects.requireNonNullElse(authentication.name(), ""));
    }
    return webhook
        .name(Objects.requireNonNull(name))
        .url(Objects.requireNonNull(url))
        .method(Objects.requireNonNull(method))
        .subscriptions(selectors)
        .build();
  }

  private String enteredValue() {
    EnteredAuthentication entered = authentication;
    return entered == null ? "" : Objects.requireNonNullElse(entered.value(), "");
  }

  /**
   * The next version of a stored webhook, with the entered value of the authentication, if there is
   * one.
   */
  private StoredWebhook authenticated(StoredWebhook stored, Webhook next) {
    String value = enteredValue();
    if (authentication == null || holds(stored, next.url(), value)) {
      return stored.withWebhook(next);
    }
    long version = stored.authenticationVersion() + 1;
    return stored
        .withWebhook(next)
        .withAuthentication(
            settings.secretCodec().sealAuthentication(stored.id(), next.url(), version, value));
  }

  /**
   * Whether the stored authentication has a value. Several texts may encode it; one that cannot be
   * read does not.
   */
  private boolean holds(StoredWebhook stored, String url, String value) {
    try {
      return settings
          .secretCodec()
          .openAuthentication(
              stored.id(), url, stored.authenticationVersion(), stored.authentication())
          .equals(value);
    } catch (UnreadableSecretException e) {
      return false;
    }
  }
}
