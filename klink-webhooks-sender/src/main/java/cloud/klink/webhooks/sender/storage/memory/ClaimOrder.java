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
 * Which queues have something to claim: those that are due, by id, and the others by the time at
 * which they will be. So a claim looks at no queue that has nothing for it.
 */
final class ClaimOrder {
  private final NavigableMap<String, WebhookDeliveries> due = new TreeMap<>();
  private final IndexedHeap<WebhookDeliveries> later = new IndexedHeap<>();
  private final Set<String> orphans = new TreeSet<>();

  /** Tells of any change to a queue: to its webhook, or to its waiting deliveries. */
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
   * Goes once around the due queues.
   *
   * @param after the id after which to begin
   * @param visitor takes what it may from a queue, and says whether to go on
   */
  void goAround(String after, Instant now, Predicate<WebhookDeliveries> visitor) {
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
    for (Map.Entry<String, WebhookDeliveries> turn = queues.firstEntry();
        turn != null;
        turn = queues.higherEntry(turn.getKey())) {
      WebhookDeliveries queue = turn.getValue();
      boolean goOn = visitor.test(queue);
      if (queue.due().isAfter(now)) {
        queues.remove(turn.getKey());
        later.put(queue);
      }
      if (!goOn) {
        return false;
      }
    }
    return true;
  }

  /** When the first later queue will be due. */
  Optional<Instant> nextDue() {
    return Optional.ofNullable(later.first()).map(WebhookDeliveries::due);
  }

  Set<String> orphans() {
    return orphans;
  }
}
