package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.sender.delivery.Count;
import cloud.klink.webhooks.sender.delivery.CountQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts deliveries in steps, so that other calls never wait long for the lock. Not safe for use by
 * several threads at once.
 */
final class DeliveryCounts {
  private static final int STEP_SIZE = 10_000;

  private final Tables tables;
  private final CountQuery query;
  private final Instant start;
  private final Duration bucket;
  private final DeliveryPlace end;
  private final Map<Kind, Long> counts = new HashMap<>();
  private DeliveryPlace from;

  private record Kind(long bucket, DeliveryState state, Optional<StatusClass> statusClass) {}

  private static final Comparator<Kind> ORDER = Comparator.comparingLong(Kind::bucket)
      .thenComparing(Kind::state)
      .thenComparing(kind -> kind.statusClass().map(StatusClass::code).orElse(-1));

  DeliveryCounts(Tables tables, CountQuery query) {
    this.tables = tables;
    this.query = query;
    this.start = Tables.micros(query.from());
    this.bucket = query.bucket().truncatedTo(ChronoUnit.MICROS);
    this.from = DeliveryOrder.at(start);
    this.end = DeliveryOrder.at(query.to());
  }

  /** Counts the next deliveries; returns whether there are more. */
  boolean countNext() {
    int examined = 0;
    for (DeliveryRecord row : log().between(from, end).values()) {
      if (examined++ == STEP_SIZE) {
        from = row.place();
        return true;
      }
      if (row.event.environment == query.environment()) {
        long number = Duration.between(start, row.createdAt).dividedBy(bucket);
        counts.merge(new Kind(number, row.state(), row.statusClass()), 1L, Long::sum);
      }
    }
    return false;
  }

  private DeliveryOrder log() {
    if (query.webhookId().isEmpty()) {
      return tables.log(query.environment());
    }
    WebhookDeliveries queue = tables.queue(query.webhookId().get());
    return queue == null ? new DeliveryOrder() : queue.log;
  }

  List<Count> counts() {
    return counts.keySet().stream()
        .sorted(ORDER)
        .map(kind -> new Count(
            start.plus(bucket.multipliedBy(kind.bucket)),
            kind.state,
            kind.statusClass,
            counts.getOrDefault(kind, 0L)))
        .toList();
  }
}
