package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** Lists webhooks with what became of their deliveries. */
@Service
public class WebhookLists {
  private static final int PAGE = 25;

  private final WebhookSender sender;
  private final StatisticsService statistics;
  private final PauseRisks risks;

  WebhookLists(WebhookSender sender, StatisticsService statistics, PauseRisks risks) {
    this.sender = sender;
    this.statistics = statistics;
    this.risks = risks;
  }

  /** All webhooks of an environment in the order of a filter, and the risks that it is made of. */
  private record Ordered(List<Webhook> webhooks, Map<String, PauseRisk> risks) {
    List<Webhook> matching(WebhookFilter filter) {
      return webhooks.stream().filter(filter::matches).toList();
    }
  }

  private Ordered ordered(WebhookFilter filter) {
    List<Webhook> all = sender.webhooks().list(filter.environment());
    Map<String, PauseRisk> known =
        filter.sort() == WebhookFilter.Sort.FAILURES ? risks.of(all) : Map.of();
    return new Ordered(all.stream().sorted(order(filter.sort(), known)).toList(), known);
  }

  /**
   * Lists webhooks.
   *
   * @param filter which, and in which order
   * @return one page; the last one if the filter asks for a later
   */
  public WebhookPage page(WebhookFilter filter) {
    Ordered all = ordered(filter);
    List<Webhook> matching = all.matching(filter);
    int pages = Math.max(1, (matching.size() + PAGE - 1) / PAGE);
    int page = Math.min(Math.max(1, filter.page()), pages);
    List<Webhook> shown =
        matching.stream().skip((long) (page - 1) * PAGE).limit(PAGE).toList();
    return new WebhookPage(
        rows(filter, shown, all.risks), page, pages, matching.size(), all.webhooks.size());
  }

  /**
   * Lists webhooks after one of them.
   *
   * @param filter which, and in which order; its page is not looked at
   * @param after the id of the last webhook of the page before; empty for the first page
   * @return one page; empty if there is no webhook of that id in the environment
   */
  public Optional<WebhookSlice> slice(WebhookFilter filter, Optional<String> after) {
    Ordered all = ordered(filter);
    int start = 0;
    if (after.isPresent()) {
      start = all.webhooks.stream().map(Webhook::id).toList().indexOf(after.get()) + 1;
      if (start == 0) {
        return Optional.empty();
      }
    }
    List<Webhook> left = all.webhooks.stream()
        .skip(start)
        .filter(filter::matches)
        .limit(PAGE + 1L)
        .toList();
    List<Webhook> shown = left.stream().limit(PAGE).toList();
    return Optional.of(new WebhookSlice(
        rows(filter, shown, all.risks),
        left.size() > PAGE ? Optional.of(shown.get(PAGE - 1).id()) : Optional.empty(),
        all.matching(filter).size(),
        all.webhooks.size()));
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
      WebhookFilter filter, List<Webhook> shown, Map<String, PauseRisk> known) {
    List<String> ids = shown.stream().map(Webhook::id).toList();
    Map<String, PauseRisk> found = known.isEmpty() ? risks.of(shown) : known;
    Map<String, Delivery> newest = sender.deliveries().newest(ids);
    Map<String, List<AttemptSum>> days = statistics.lastDay(filter.environment(), ids);
    return shown.stream()
        .map(webhook -> new WebhookRow(
            webhook,
            Optional.ofNullable(newest.get(webhook.id()))
                .map(delivery -> DeliveryRow.of(delivery, Optional.of(webhook))),
            Objects.requireNonNull(days.get(webhook.id())),
            Objects.requireNonNull(found.get(webhook.id()))))
        .toList();
  }
}
