package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.sender.storage.StoredWebhook;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A webhook, unless it is deleted, with its deliveries, failures and statistics. */
final class WebhookDeliveries extends IndexedHeap.Node<WebhookDeliveries> {
  final String webhookId;
  final IndexedHeap<DeliveryRecord> waiting = new IndexedHeap<>();
  final DeliveryOrder log = new DeliveryOrder();
  final Failures failures = new Failures();
  final Statistics statistics = new Statistics();

  /**
   * The deliveries that failed for good and were not repeated, in the order in which they were
   * finished.
   */
  final NavigableMap<LogPosition, DeliveryRecord> failed = new TreeMap<>();

  @Nullable
  StoredWebhook stored;

  WebhookDeliveries(String webhookId) {
    this.webhookId = webhookId;
  }

  boolean isPaused() {
    return stored != null && stored.webhook().isPaused();
  }

  /** Whether the waiting deliveries may be claimed once they are due. */
  boolean isActive() {
    return stored != null && !stored.webhook().isPaused() && !waiting.isEmpty();
  }

  boolean isOrphan() {
    return stored == null && !waiting.isEmpty();
  }

  /** Whether nothing refers to this any more. */
  boolean isUnused() {
    return stored == null && log.isEmpty();
  }

  /** When the first waiting delivery is due; {@link Instant#MAX} if none waits. */
  Instant due() {
    DeliveryRecord first = waiting.first();
    return first == null ? Instant.MAX : first.due;
  }

  /**
   * Since when the longest due delivery has been due, not counting leased ones; {@link Instant#MAX}
   * if none is due.
   */
  Instant dueSince(Instant now) {
    Instant oldest = Instant.MAX;
    if (!due().isAfter(now)) {
      for (DeliveryRecord one : waiting.all()) {
        oldest = !one.due.isAfter(now) && one.dueSince.isBefore(oldest) ? one.dueSince : oldest;
      }
    }
    return oldest;
  }

  @Override
  boolean isBefore(WebhookDeliveries other) {
    return due().isBefore(other.due());
  }
}
