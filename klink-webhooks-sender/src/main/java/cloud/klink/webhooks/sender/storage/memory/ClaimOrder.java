package cloud.klink.webhooks.sender.storage.memory;

import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The queues that have deliveries to claim: those with due deliveries by id, and the others by the
 * time of their next one. So a claim visits no queue without due deliveries.
 */
final class ClaimOrder {
  private final NavigableMap<String, WebhookDeliveries> due = new TreeMap<>();
  private final IndexedHeap<WebhookDeliveries> later = new IndexedHeap<>();
  private final Set<String> orphans = new TreeSet<>();

  /** Updates the order after a change of a queue: of its webhook, or of its waiting deliveries. */
  void changed(WebhookDeliveries queue) {
    if (!queue.isActive()) {
      due.remove(queue.webhookId);
      later.remove(queue);
    } else if (!due.containsKey(queue.webhookId)) {
      later.put(queue);
    }
    if (queue.isOrphan()) {
      orphans.add(queue.webhookId);
    } else {
      orphans.remove(queue.webhookId);
    }
  }

  /**
   * Visits each due queue once, beginning after an id and continuing with the first.
   *
   * @param after the id after which to begin
   * @param visitor claims deliveries of a queue, and returns whether to continue
   */
  void visitDue(String after, Instant now, Predicate<WebhookDeliveries> visitor) {
    for (WebhookDeliveries queue = later.first();
        queue != null && !queue.due().isAfter(now);
        queue = later.first()) {
      later.remove(queue);
      due.put(queue.webhookId, queue);
    }
    if (visit(due.tailMap(after, false), now, visitor)) {
      visit(due.headMap(after, true), now, visitor);
    }
  }

  private boolean visit(
      NavigableMap<String, WebhookDeliveries> queues,
      Instant now,
      Predicate<WebhookDeliveries> visitor) {
    for (Map.Entry<String, WebhookDeliveries> entry = queues.firstEntry();
        entry != null;
        entry = queues.higherEntry(entry.getKey())) {
      WebhookDeliveries queue = entry.getValue();
      boolean isContinued = visitor.test(queue);
      if (queue.due().isAfter(now)) {
        queues.remove(entry.getKey());
        later.put(queue);
      }
      if (!isContinued) {
        return false;
      }
    }
    return true;
  }

  /** When the first of the queues that are not due will be due. */
  Optional<Instant> nextDue() {
    return Optional.ofNullable(later.first()).map(WebhookDeliveries::due);
  }

  Set<String> orphans() {
    return orphans;
  }
}
