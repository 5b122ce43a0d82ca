package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.StaleWebhookException;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.WebhookEditor;
import cloud.klink.webhooks.sender.webhook.Webhooks;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Finds and changes webhooks. Whoever reveals or replaces a secret leaves a line in the audit. */
@Service
public class WebhookService {
  private static final Logger AUDIT = LoggerFactory.getLogger("console.audit");

  private final WebhookSender sender;
  private final PauseRisks risks;

  WebhookService(WebhookSender sender, PauseRisks risks) {
    this.sender = sender;
    this.risks = risks;
  }

  private Webhooks webhooks() {
    return sender.webhooks();
  }

  /**
   * How near a webhook is to its automatic pause.
   *
   * @param webhook the webhook
   * @return the risk
   */
  public PauseRisk risk(Webhook webhook) {
    return Objects.requireNonNull(risks.of(List.of(webhook)).get(webhook.id()));
  }

  /**
   * All webhooks of an environment, by their names.
   *
   * @param environment the environment
   * @return for a list to choose from
   */
  public List<Webhook> all(Environment environment) {
    return webhooks().list(environment).stream()
        .sorted(Comparator.comparing((Webhook one) -> one.name().toLowerCase(Locale.ROOT)))
        .toList();
  }

  /**
   * Finds a webhook.
   *
   * @param id its id
   * @return the webhook
   * @throws NotFoundException if there is none
   */
  public Webhook get(String id) {
    return find(id).orElseThrow(NotFoundException::webhook);
  }

  /**
   * Finds a webhook that may be deleted.
   *
   * @param id its id
   * @return the webhook; empty if there is none
   */
  public Optional<Webhook> find(String id) {
    return webhooks().get(id);
  }

  /**
   * Creates a webhook.
   *
   * @param environment its environment
   * @param form what was typed
   * @return the webhook
   */
  public Webhook create(Environment environment, WebhookForm form) {
    return fill(webhooks().create(environment), form).save();
  }

  /**
   * Changes a webhook.
   *
   * @param id the webhook
   * @param form what was typed, and the version that it was typed for
   * @return the webhook
   * @throws StaleEdit if somebody else has changed it since
   */
  public Webhook edit(String id, WebhookForm form) {
    Webhook stored = get(id);
    if (stored.version() != form.version()) {
      throw new StaleEdit(stored);
    }
    try {
      return fill(webhooks().edit(stored), form).save();
    } catch (StaleWebhookException e) {
      throw new StaleEdit(get(id));
    }
  }

  private static WebhookEditor fill(WebhookEditor editor, WebhookForm form) {
    editor
        .name(form.name())
        .url(form.url())
        .method(method(form.method()))
        .subscriptions(form.events());
    return switch (form.authentication()) {
      case KEEP -> editor;
      case NONE -> editor.noAuthentication();
      case BASIC -> editor.basicAuthentication(form.value());
      case HEADER -> editor.headerAuthentication(form.header(), form.value());
    };
  }

  private static @Nullable DeliveryMethod method(String id) {
    for (DeliveryMethod method : DeliveryMethod.values()) {
      if (method.id().equals(id)) {
        return method;
      }
    }
    return null;
  }

  /**
   * Tells a signing secret.
   *
   * @param id the webhook
   * @return the secret
   */
  public String reveal(String id) {
    String secret = webhooks().revealSecret(id).reveal();
    AUDIT.info("The signing secret of webhook {} was revealed", get(id).id());
    return secret;
  }

  /**
   * Replaces a signing secret; the old one is invalid at once.
   *
   * @param id the webhook
   * @return the new secret
   */
  public String regenerate(String id) {
    String secret = webhooks().regenerateSecret(id).reveal();
    AUDIT.info(
        "The signing secret of webhook {} was replaced and revealed", get(id).id());
    return secret;
  }

  /**
   * Pauses a webhook.
   *
   * @param id the webhook
   * @param reason why, for people; empty for no reason
   */
  public void pause(String id, String reason) {
    webhooks().pause(id, reason);
  }

  /**
   * Re-enables a webhook.
   *
   * @param id the webhook
   * @param held what becomes of what it held
   */
  public void resume(String id, HeldDeliveries held) {
    switch (held) {
      case DELIVER -> webhooks().resume(id);
      case DISCARD -> webhooks().discardAndResume(id);
    }
  }

  /**
   * Sends a test event to a webhook.
   *
   * @param id the webhook
   * @return the id of its delivery
   */
  public String sendTest(String id) {
    return sender.sendTest(id).deliveryIds().get(0);
  }

  /**
   * Deletes a webhook; what it waits for is cancelled.
   *
   * @param id the webhook
   */
  public void delete(String id) {
    webhooks().delete(id);
  }
}
