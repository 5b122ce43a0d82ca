package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.sender.storage.StoredWebhook;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that is known of one webhook: itself unless it is deleted, its deliveries, its failures. */
final class WebhookDeliveries extends IndexedHeap.Node<WebhookDeliveries> {
  final String webhookId;
  final IndexedHeap<DeliveryRecord> waiting = new IndexedHeap<>();
  final DeliveryOrder log = new DeliveryOrder();
  final Failures failures = new Failures();
  final Statistics statistics = new Statistics();

  /** What failed for good and was not repeated, those finished first come first. */
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

  /** Whether there is nothing to remember. */
  boolean isGone() {
    return stored == null && log.isEmpty();
  }

  /** When the first one is due; far away if nothing waits. */
  Instant due() {
    DeliveryRecord first = waiting.first();
    return first == null ? Instant.MAX : first.due;
  }

  /**
   * Since when that has been due which was due first of what is not leased; far away if none is.
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
