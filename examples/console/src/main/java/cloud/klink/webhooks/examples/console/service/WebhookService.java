package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.StaleWebhookException;
import cloud.klink.webhooks.sender.webhook.Webhook;
import cloud.klink.webhooks.sender.webhook.WebhookEditor;
import cloud.klink.webhooks.sender.webhook.Webhooks;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/** Lists and changes webhooks. Whoever reveals or replaces a secret leaves a line in the audit. */
@Service
public class WebhookService {
  /** How many webhooks a page lists. */
  public static final int PAGE = 25;

  private static final Logger AUDIT = LoggerFactory.getLogger("console.audit");

  private final WebhookSender sender;
  private final StatisticsService statistics;
  private final PauseRisks risks;

  WebhookService(WebhookSender sender, StatisticsService statistics, PauseRisks risks) {
    this.sender = sender;
    this.statistics = statistics;
    this.risks = risks;
  }

  private Webhooks webhooks() {
    return sender.webhooks();
  }

  /**
   * Lists webhooks.
   *
   * @param filter which, and in which order
   * @return one page; the last one if the filter asks for a later
   */
  public WebhookPage list(WebhookFilter filter) {
    List<Webhook> all = webhooks().list(filter.environment());
    List<Webhook> found = all.stream().filter(filter::matches).toList();
    Map<String, PauseRisk> known =
        filter.sort() == WebhookFilter.Sort.FAILURES ? risks.of(found) : Map.of();
    List<Webhook> matching = found.stream().sorted(order(filter.sort(), known)).toList();
    int pages = Math.max(1, (matching.size() + PAGE - 1) / PAGE);
    int page = Math.min(Math.max(1, filter.page()), pages);
    List<Webhook> shown =
        matching.stream().skip((long) (page - 1) * PAGE).limit(PAGE).toList();
    List<WebhookRow> rows =
        rows(filter.environment(), shown, known.isEmpty() ? risks.of(shown) : known);
    return new WebhookPage(rows, page, pages, matching.size(), all.size());
  }

  /**
   * Lists webhooks after one of them.
   *
   * @param filter which, and in which order; its page is not looked at
   * @param after the id of the last webhook of the page before; empty for the first page
   * @return one page; empty if there is no webhook of that id in the environment
   */
  public Optional<WebhookSlice> list(WebhookFilter filter, Optional<String> after) {
    List<Webhook> all = webhooks().list(filter.environment());
    Map<String, PauseRisk> known =
        filter.sort() == WebhookFilter.Sort.FAILURES ? risks.of(all) : Map.of();
    List<Webhook> ordered = all.stream().sorted(order(filter.sort(), known)).toList();
    int start = 0;
    if (after.isPresent()) {
      start = ordered.stream().map(Webhook::id).toList().indexOf(after.get()) + 1;
      if (start == 0) {
        return Optional.empty();
      }
    }
    List<Webhook> left =
        ordered.stream().skip(start).filter(filter::matches).limit(PAGE + 1L).toList();
    List<Webhook> shown = left.stream().limit(PAGE).toList();
    return Optional.of(new WebhookSlice(
        rows(filter.environment(), shown, known.isEmpty() ? risks.of(shown) : known),
        left.size() > PAGE ? Optional.of(shown.get(PAGE - 1).id()) : Optional.empty(),
        (int) all.stream().filter(filter::matches).count(),
        all.size()));
  }

  private static Comparator<Webhook> order(WebhookFilter.Sort sort, Map<String, PauseRisk> risks) {
    Comparator<Webhook> byName = Comparator.comparing(
            (Webhook one) -> one.name().toLowerCase(Locale.ROOT))
        .thenComparing(Webhook::id);
    return switch (sort) {
      case NAME -> byName;
      case NEWEST -> Comparator.comparing(Webhook::createdAt).reversed().thenComparing(byName);
      case CHANGED -> Comparator.comparing(Webhook::updatedAt).reversed().thenComparing(byName);
      case STATUS -> Comparator.comparing(Webhook::isPaused).reversed().thenComparing(byName);
      case FAILURES ->
        Comparator.comparingLong(
                (Webhook one) -> Objects.requireNonNull(risks.get(one.id())).failures())
            .reversed()
            .thenComparing(byName);
    };
  }

  private List<WebhookRow> rows(
      Environment environment, List<Webhook> shown, Map<String, PauseRisk> found) {
    List<String> ids = shown.stream().map(Webhook::id).toList();
    Map<String, Delivery> newest = sender.deliveries().newest(ids);
    Map<String, List<AttemptSum>> days = statistics.lastDay(environment, ids);
    return shown.stream()
        .map(webhook -> new WebhookRow(
            webhook,
            Optional.ofNullable(newest.get(webhook.id()))
                .map(delivery -> DeliveryRow.of(delivery, Optional.of(webhook))),
            Objects.requireNonNull(days.get(webhook.id())),
            Objects.requireNonNull(found.get(webhook.id()))))
        .toList();
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
