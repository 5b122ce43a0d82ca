package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryPage;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** Searches the log of deliveries. */
@Service
public class DeliveryService {
  /**
   * How many times the log is asked for one page: a page of the log may be empty although another
   * follows, and what the log cannot search for is searched for here.
   */
  private static final int MAX_SEARCHES = 5;

  private static final int BATCH = DeliveryQuery.MAX_LIMIT;

  private final WebhookSender sender;

  DeliveryService(WebhookSender sender) {
    this.sender = sender;
  }

  /**
   * Searches.
   *
   * @param filter what for
   * @param limit how many are wanted at most
   * @return newest first; perhaps fewer than wanted although there is a next, if few match
   */
  public DeliveryResults search(DeliveryFilter filter, int limit) {
    return search(filter, FilterQuery.of(filter), limit, Parts.ALL);
  }

  /**
   * Searches for what is not shown, but counted or sent again.
   *
   * @param filter what for
   * @param limit how many are wanted at most
   * @return as {@link #search(DeliveryFilter, int)}, but the webhooks of the rows may be missing
   */
  public DeliveryResults searchDeliveries(DeliveryFilter filter, int limit) {
    return search(filter, FilterQuery.of(filter), limit, Parts.DELIVERIES);
  }

  private enum Parts {
    ALL,
    DELIVERIES
  }

  /**
   * Counts what a webhook holds, or what is waiting for it.
   *
   * @param webhook the webhook
   * @return the count, up to {@value DeliveryQuery#MAX_LIMIT}
   */
  public HeldCount held(Webhook webhook) {
    DeliveryPage page = sender
        .deliveries()
        .search(DeliveryQuery.builder()
            .environment(webhook.environment())
            .webhook(webhook.id())
            .state(DeliveryState.WAITING)
            .limit(DeliveryQuery.MAX_LIMIT)
            .build());
    return new HeldCount(page.deliveries().size(), page.next().isPresent());
  }

  private DeliveryResults search(
      DeliveryFilter filter, DeliveryQuery.Builder query, int limit, Parts parts) {
    List<DeliveryRow> rows = new ArrayList<>();
    Optional<String> next = filter.after();
    int searches = 0;
    do {
      DeliveryPage page = sender
          .deliveries()
          .search(query.after(next.orElse(null)).limit(batch(filter, limit)).build());
      Map<String, Webhook> webhooks = parts == Parts.ALL || FilterQuery.isSifted(filter)
          ? webhooks(page.deliveries())
          : Map.of();
      for (Delivery delivery : page.deliveries()) {
        DeliveryRow row =
            DeliveryRow.of(delivery, Optional.ofNullable(webhooks.get(delivery.webhookId())));
        if (!FilterQuery.isSifted(filter) || FilterQuery.matches(filter, row)) {
          rows.add(row);
        }
      }
      next = page.next();
      searches++;
    } while (rows.size() <= limit && next.isPresent() && searches < MAX_SEARCHES);
    if (rows.size() > limit) {
      List<DeliveryRow> wanted = rows.subList(0, limit);
      Delivery last = wanted.get(limit - 1).delivery();
      return new DeliveryResults(
          List.copyOf(wanted), Optional.of(DeliveryQuery.cursor(last.createdAt(), last.id())));
    }
    return new DeliveryResults(List.copyOf(rows), next);
  }

  /** One more than wanted tells whether there is a next page. */
  private static int batch(DeliveryFilter filter, int limit) {
    return FilterQuery.isSifted(filter) ? BATCH : Math.min(BATCH, limit + 1);
  }

  /** Those of some deliveries. */
  private Map<String, Webhook> webhooks(List<Delivery> deliveries) {
    return sender
        .webhooks()
        .find(deliveries.stream().map(Delivery::webhookId).distinct().toList());
  }

  /**
   * Finds a delivery.
   *
   * @param id its id
   * @return the delivery
   * @throws UnknownDelivery if there is none, or not any more
   */
  public DeliveryRow get(String id) {
    Delivery delivery = sender.deliveries().find(id).orElseThrow(UnknownDelivery::new);
    return DeliveryRow.of(delivery, sender.webhooks().get(delivery.webhookId()));
  }

  /**
   * Everything about a delivery.
   *
   * @param id its id
   * @return the delivery with its attempts
   * @throws UnknownDelivery if there is none, or not any more
   */
  public DeliveryDetails details(String id) {
    DeliveryRow row = get(id);
    DeliveryFilter sameEvent = DeliveryFilter.all(row.delivery().environment());
    List<DeliveryRow> others = search(
            sameEvent,
            FilterQuery.of(sameEvent).event(row.delivery().eventId()),
            DeliveryDetails.MAX_OTHERS,
            Parts.ALL)
        .rows()
        .stream()
        .filter(other -> !other.delivery().id().equals(id))
        .toList();
    return new DeliveryDetails(
        row,
        sender.deliveries().attempts(id),
        sender.deliveries().request(id, Math.max(1, row.delivery().attempts())),
        others);
  }
}
