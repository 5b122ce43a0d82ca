package cloud.klink.webhooks.sender.manage;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.endpoint.EndpointPolicy;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.StorageReason;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.signature.SigningSecret;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Webhooks as resources. Every change is one transaction of the storage, and is made from the
 * version that its caller saw or not at all. Safe for use by many threads and nodes.
 *
 * <p>After a change, the node that made it begins no attempt as the webhook was before; other nodes
 * may for up to a second. Attempts in flight are finished.
 *
 * <p>Every method throws {@link StorageException} if the storage cannot do its work; whether a
 * change was made is not known then.
 */
public final class Webhooks {
  private static final int PAGE = 1_000;
  private static final int BATCH = 1_000;
  private static final int MAX_TRIES = 100;

  private final Storage storage;
  private final DraftRules rules;
  private final Clock clock;
  private final Supplier<String> ids;
  private final SecureRandom random;
  private final Consumer<String> changed;

  /**
   * For the sender.
   *
   * @param storage where webhooks are kept
   * @param endpoints which endpoints are allowed
   * @param clock tells the time
   * @param ids gives ids to new webhooks
   * @param random makes signing secrets
   * @param methods the methods for which there is a transport
   * @param changed told the id of each webhook that was changed, before the change is returned
   */
  public Webhooks(
      Storage storage,
      EndpointPolicy endpoints,
      Clock clock,
      Supplier<String> ids,
      SecureRandom random,
      Set<DeliveryMethod> methods,
      Consumer<String> changed) {
    this.storage = Objects.requireNonNull(storage, "storage");
    this.rules = new DraftRules(endpoints, Set.copyOf(methods));
    this.clock = Objects.requireNonNull(clock, "clock");
    this.ids = Objects.requireNonNull(ids, "ids");
    this.random = Objects.requireNonNull(random, "random");
    this.changed = Objects.requireNonNull(changed, "changed");
  }

  /**
   * Begins a new webhook. When it is saved it is active and has a signing secret of 256 random
   * bits.
   *
   * @param environment its environment, for good
   * @return an editor
   */
  public WebhookEditor create(Environment environment) {
    Objects.requireNonNull(environment, "environment");
    return new WebhookEditor(new Draft(), draft -> insert(environment, draft));
  }

  /**
   * Begins to edit a webhook.
   *
   * @param webhook the webhook as it was read; its version is the one that the edit is made from
   * @return an editor that holds what the webhook does
   */
  public WebhookEditor edit(Webhook webhook) {
    Draft draft = new Draft();
    draft.name = webhook.name();
    draft.method = webhook.method();
    draft.url = webhook.url();
    draft.authentication = switch (webhook.authentication().kind()) {
      case NONE -> Draft.HeaderDraft.NONE;
      case BASIC -> new Draft.HeaderDraft(true, webhook.authentication().header(), null);
      case HEADER -> new Draft.HeaderDraft(false, webhook.authentication().header(), null);
    };
    webhook.subscriptions().forEach(subscription -> draft.selectors.add(subscription.selector()));
    return new WebhookEditor(draft, edited -> update(webhook, edited));
  }

  private Webhook insert(Environment environment, Draft draft) {
    check(draft);
    Instant now = now();
    Webhook webhook = fill(
            Webhook.builder().id(ids.get()).environment(environment).createdAt(now), draft)
        .build();
    String secret = SigningSecret.generate(random).reveal();
    if (!storage.insert(new StoredWebhook(webhook, secret, value(draft, "")))) {
      throw new StorageException(
          StorageReason.CORRUPT, webhook.id() + ": a new id is taken already; save again", null);
    }
    return webhook;
  }

  private Webhook update(Webhook seen, Draft draft) {
    check(draft);
    StoredWebhook stored = stored(seen.id());
    if (stored.webhook().version() != seen.version()) {
      throw new StaleWebhookException(seen.id(), seen.version());
    }
    Webhook edited = fill(next(stored.webhook()), draft).build();
    String value = value(draft, stored.authentication());
    if (!storage.update(new StoredWebhook(edited, stored.secret(), value))) {
      throw new StaleWebhookException(seen.id(), seen.version());
    }
    changed.accept(seen.id());
    return edited;
  }

  private void check(Draft draft) {
    List<Fault> faults = rules.faults(draft);
    if (!faults.isEmpty()) {
      throw new InvalidWebhookException(faults);
    }
  }

  private static Webhook.Builder fill(Webhook.Builder builder, Draft draft) {
    return builder
        .name(Objects.requireNonNull(draft.name))
        .method(Objects.requireNonNull(draft.method))
        .url(Objects.requireNonNull(draft.url))
        .authentication(DraftRules.authentication(draft))
        .subscriptions(DraftRules.subscriptions(draft));
  }

  /** The value of the header: the one entered, or the one that there was if none was. */
  private static String value(Draft draft, String before) {
    if (draft.authentication.isNone()) {
      return "";
    }
    return Objects.requireNonNullElse(draft.authentication.value(), before);
  }

  /**
   * Finds a webhook.
   *
   * @param id its id
   * @return the webhook, if there is one
   */
  public Optional<Webhook> get(String id) {
    return Optional.ofNullable(storage.find(Set.of(id)).get(id)).map(StoredWebhook::webhook);
  }

  /**
   * Lists the webhooks of an environment.
   *
   * @param environment the environment
   * @return all of them, in the order in which they were created
   */
  public List<Webhook> list(Environment environment) {
    List<Webhook> all = new ArrayList<>();
    List<Webhook> page;
    do {
      String after = all.isEmpty() ? "" : all.get(all.size() - 1).id();
      page = storage.list(environment, after, PAGE);
      all.addAll(page);
    } while (page.size() == PAGE);
    return all;
  }

  /**
   * Deletes a webhook: its subscriptions go, and what was waiting is cancelled and stays in the
   * log. A crash in the middle leaves the webhook deleted and some deliveries waiting; nothing is
   * sent, and a started sender cancels them.
   *
   * @param id its id
   * @return false if there was none
   */
  public boolean delete(String id) {
    boolean deleted = storage.delete(id);
    changed.accept(id);
    if (deleted) {
      end(id, DeliveryState.CANCELLED);
    }
    return deleted;
  }

  private void end(String id, DeliveryState state) {
    int ended;
    do {
      ended = storage.end(id, state, now(), BATCH);
    } while (ended == BATCH);
  }

  /**
   * Shows the signing secret.
   *
   * @param id the webhook's id
   * @return the secret
   * @throws UnknownWebhookException if there is no such webhook
   */
  public SigningSecret revealSecret(String id) {
    return SigningSecret.of(stored(id).secret());
  }

  /**
   * Replaces the signing secret. The old one is invalid at once: retries that are waiting are
   * signed with the new one.
   *
   * @param id the webhook's id
   * @return the new secret
   * @throws UnknownWebhookException if there is no such webhook
   */
  public SigningSecret regenerateSecret(String id) {
    SigningSecret secret = SigningSecret.generate(random);
    change(
        id,
        stored -> new StoredWebhook(
            next(stored.webhook()).build(), secret.reveal(), stored.authentication()));
    return secret;
  }

  /**
   * Pauses a webhook: its deliveries are held, those waiting and those of events that are published
   * from now on. One that is paused already stays as it is.
   *
   * @param id the webhook's id
   * @param reason why, for people; at most {@value Pause#MAX_REASON_LENGTH} characters
   * @return the webhook as it is now
   * @throws InvalidWebhookException if the reason is too long or has control characters
   * @throws UnknownWebhookException if there is no such webhook
   */
  public Webhook pause(String id, String reason) {
    if (reason.length() > Pause.MAX_REASON_LENGTH || !DraftRules.isText(reason)) {
      throw new InvalidWebhookException(List.of(new Fault(
          "reason",
          "it must be of at most " + Pause.MAX_REASON_LENGTH
              + " characters, without control characters")));
    }
    return change(id, stored -> {
      if (stored.webhook().isPaused()) {
        return null;
      }
      Instant now = now();
      Pause pause = new Pause(PauseCause.REQUESTED, reason, now);
      return with(stored, next(stored.webhook()).updatedAt(now).pause(pause));
    });
  }

  /**
   * Resumes a webhook. One that is active stays as it is. A crash in the middle of discarding
   * leaves it paused, with some of what was held discarded.
   *
   * @param id the webhook's id
   * @param held what becomes of the deliveries that were held
   * @return the webhook as it is now
   * @throws UnknownWebhookException if there is no such webhook
   */
  public Webhook resume(String id, Resume held) {
    Webhook webhook = stored(id).webhook();
    if (webhook.isPaused() && held == Resume.DISCARD) {
      end(id, DeliveryState.DISCARDED);
    }
    return change(id, stored -> {
      if (!stored.webhook().isPaused()) {
        return null;
      }
      Instant now = now();
      return with(stored, next(stored.webhook()).updatedAt(now).pause(null).activeSince(now));
    });
  }

  /** Changes whatever version there is, again and again until nobody was faster. */
  private Webhook change(String id, UnaryOperator<@Nullable StoredWebhook> change) {
    for (int i = 0; i < MAX_TRIES; i++) {
      StoredWebhook stored = stored(id);
      StoredWebhook next = change.apply(stored);
      if (next == null) {
        return stored.webhook();
      }
      if (storage.update(next)) {
        changed.accept(id);
        return next.webhook();
      }
    }
    throw new StaleWebhookException(id, stored(id).webhook().version());
  }

  private Webhook.Builder next(Webhook webhook) {
    return webhook.toBuilder().version(webhook.version() + 1).updatedAt(now());
  }

  private static StoredWebhook with(StoredWebhook stored, Webhook.Builder webhook) {
    return new StoredWebhook(webhook.build(), stored.secret(), stored.authentication());
  }

  private StoredWebhook stored(String id) {
    StoredWebhook stored = storage.find(Set.of(id)).get(id);
    if (stored == null) {
      throw new UnknownWebhookException(id);
    }
    return stored;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
