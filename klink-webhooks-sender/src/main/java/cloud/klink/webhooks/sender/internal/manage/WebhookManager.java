package cloud.klink.webhooks.sender.internal.manage;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.internal.Ranges;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.WebhookEditor;
import cloud.klink.webhooks.sender.webhook.Webhooks;
import cloud.klink.webhooks.signature.SigningSecret;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Manages the webhooks of a storage. */
public final class WebhookManager implements Webhooks {
  /** The most deliveries that one transaction ends. */
  private static final int BATCH = 1_000;

  private final ManageSettings settings;
  private final WebhookWriter writer;

  /**
   * Manages webhooks for a sender.
   *
   * @param settings the settings
   */
  public WebhookManager(ManageSettings settings) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.writer = new WebhookWriter(settings);
  }

  @Override
  public WebhookEditor create(Environment environment) {
    return new WebhookEdit(settings, Objects.requireNonNull(environment, "environment"), null);
  }

  @Override
  public WebhookEditor edit(Webhook webhook) {
    return new WebhookEdit(settings, webhook.environment(), webhook);
  }

  @Override
  public Optional<Webhook> get(String id) {
    return writer.find(id).map(StoredWebhook::webhook);
  }

  @Override
  public List<Webhook> list(Environment environment) {
    List<Webhook> all = new ArrayList<>();
    writer.pages(environment, all::addAll);
    return List.copyOf(all);
  }

  @Override
  public Map<String, Webhook> find(Collection<String> ids) {
    Map<String, Webhook> found = new HashMap<>();
    List<String> known = ids.stream().filter(WebhookWriter::isId).toList();
    settings.storage().find(known).forEach((id, stored) -> found.put(id, stored.webhook()));
    return found;
  }

  @Override
  public List<Webhook> search(Environment environment, String text, String after, int limit) {
    Ranges.checkAtLeast("limit", limit, 1);
    return settings.storage().search(environment, text, after, limit);
  }

  @Override
  public void delete(String id) {
    boolean deleted = writer.delete(id);
    int ended = BATCH;
    while (deleted && ended >= BATCH) {
      ended = settings.storage().end(id, DeliveryState.CANCELLED, writer.now(), BATCH);
    }
    if (!deleted) {
      throw NotFoundException.webhook();
    }
  }

  @Override
  public SigningSecret revealSecret(String id) {
    return open(writer.get(id));
  }

  private SigningSecret open(StoredWebhook stored) {
    return settings.secretCodec().openSecret(stored.id(), stored.secretVersion(), stored.secret());
  }

  @Override
  public SigningSecret regenerateSecret(String id) {
    SigningSecret secret = SigningSecret.generate(settings.random());
    writer.change(
        id,
        stored -> stored
            .withWebhook(writer.next(stored.webhook(), writer.now()).build())
            .withSecret(settings.secretCodec().sealSecret(id, stored.secretVersion() + 1, secret)));
    return secret;
  }

  @Override
  public Set<String> reencrypt() {
    return new Reencryption(settings.secretCodec(), writer).run();
  }

  @Override
  public Webhook pause(String id, @Nullable String reason) {
    String text = reason == null ? "" : reason;
    WebhookValidator validator = new WebhookValidator();
    validator.reason(text);
    validator.check();
    return writer
        .change(
            id,
            stored -> {
              Instant now = writer.now();
              Pause pause = new Pause(PauseCause.REQUESTED, text, now);
              return stored.webhook().isPaused()
                  ? stored
                  : stored.withWebhook(
                      writer.next(stored.webhook(), now).pause(pause).build());
            },
            writer::notifyListener)
        .webhook();
  }

  @Override
  public Webhook discardAndResume(String id) {
    discard(id);
    return resume(id);
  }

  @Override
  public Webhook resume(String id) {
    return writer
        .change(
            id,
            stored -> {
              Instant now = writer.now();
              return stored.webhook().isPaused()
                  ? stored.withWebhook(writer
                      .next(stored.webhook(), now)
                      .pause(null)
                      .activeSince(now)
                      .build())
                  : stored;
            },
            writer::notifyListener)
        .webhook();
  }

  /**
   * Discards held deliveries. It checks the pause before each batch, since after a resumption by
   * another call the rest must be delivered.
   */
  private void discard(String id) {
    int ended = BATCH;
    while (ended >= BATCH && writer.get(id).webhook().isPaused()) {
      ended = settings.storage().end(id, DeliveryState.DISCARDED, writer.now(), BATCH);
    }
  }
}
