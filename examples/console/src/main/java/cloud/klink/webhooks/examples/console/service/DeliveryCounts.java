package cloud.klink.webhooks.examples.console.service;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.DeliveryLog;
import cloud.klink.webhooks.sender.delivery.DeliveryPage;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** Counts deliveries of the log, in a time that does not grow with it. */
@Service
public class DeliveryCounts {
  /** How often the log is asked, each time for ten thousand deliveries, before a call ends. */
  static final int MAX_COUNTS = 6;

  private final DeliveryLog log;

  DeliveryCounts(WebhookSender sender) {
    this.log = sender.deliveries();
  }

  /**
   * What was counted.
   *
   * @param matching how many deliveries match
   * @param redeliverable how many of them can be sent again
   * @param next where to count on, as the place of a filter; empty at the end of the log
   */
  public record Result(long matching, long redeliverable, Optional<String> next) {}

  /**
   * Counts what a filter finds, from its place back.
   *
   * @param filter the filter
   * @param enough how many that can be sent again are enough
   * @return what was counted, perhaps more than enough
   */
  public Result count(DeliveryFilter filter, int enough) {
    long matching = 0;
    long redeliverable = 0;
    Optional<String> next = filter.after();
    int counts = 0;
    do {
      DeliveryQuery query = FilterQuery.of(filter.withAfter(next)).build();
      DeliveryPage part = log.count(query);
      counts++;
      int found = part.size();
      // The log does not search for what waits without being held, so that is a difference.
      if (found > 0 && FilterQuery.isSifted(filter)) {
        found -= log.count(query.toBuilder().held(true).build()).size();
        counts++;
      }
      if (found > 0) {
        redeliverable +=
            log.count(query.toBuilder().redeliverable(true).build()).size();
        counts++;
      }
      matching += found;
      next = part.next();
    } while (next.isPresent() && redeliverable < enough && counts < MAX_COUNTS);
    return new Result(matching, Math.min(matching, redeliverable), next);
  }
}
