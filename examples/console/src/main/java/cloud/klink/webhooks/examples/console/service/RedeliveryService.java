package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.sender.RedeliveryException;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Delivery;
import java.util.List;
import org.springframework.stereotype.Service;

/** Sends deliveries again. */
@Service
public class RedeliveryService {
  /** How many deliveries of a filter are sent again at once. */
  public static final int LIMIT = 500;

  private final WebhookSender sender;
  private final DeliveryService deliveries;

  RedeliveryService(WebhookSender sender, DeliveryService deliveries) {
    this.sender = sender;
    this.deliveries = deliveries;
  }

  /**
   * What would be sent again.
   *
   * @param eligible how many
   * @param left how many match, but still wait or were sent again before
   * @param isMore whether more than these match
   */
  public record Plan(int eligible, int left, boolean isMore) {}

  /**
   * What was done.
   *
   * @param redelivered how many are sent again
   * @param gone how many cannot be, because their webhook or their event is gone
   */
  public record Result(int redelivered, int gone) {}

  /**
   * Sends one delivery again.
   *
   * @param id the delivery
   * @return the new delivery's id
   * @throws RedeliveryException if that cannot be done
   */
  public String redeliver(String id) {
    return sender.redeliver(id);
  }

  /**
   * Counts what {@link #redeliver(DeliveryFilter)} would send.
   *
   * @param filter which; with an end, so that what is published later is not among them
   * @return the plan
   */
  public Plan plan(DeliveryFilter filter) {
    DeliveryResults results = deliveries.search(filter, LIMIT);
    int eligible = eligible(results).size();
    return new Plan(eligible, results.rows().size() - eligible, results.next().isPresent());
  }

  /**
   * Sends again what a filter finds: those that have ended and were not sent again since, so that
   * to repeat this sends none twice.
   *
   * @param filter which; with an end
   * @return what was done
   */
  public Result redeliver(DeliveryFilter filter) {
    int redelivered = 0;
    int gone = 0;
    for (Delivery delivery : eligible(deliveries.search(filter, LIMIT))) {
      try {
        sender.redeliver(delivery.id());
        redelivered++;
      } catch (RedeliveryException e) {
        gone++;
      }
    }
    return new Result(redelivered, gone);
  }

  private static List<Delivery> eligible(DeliveryResults results) {
    return results.rows().stream()
        .map(DeliveryRow::delivery)
        .filter(
            delivery -> delivery.state().isFinal() && delivery.redeliveredAs().isEmpty())
        .toList();
  }
}
