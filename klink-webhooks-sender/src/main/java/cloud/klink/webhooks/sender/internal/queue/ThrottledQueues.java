package cloud.klink.webhooks.sender.internal.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Queues that wait for a point in time, the earliest first. Used by {@link DispatchQueue} only,
 * under its lock.
 */
final class ThrottledQueues {
  private final TreeSet<WebhookQueue> queues = new TreeSet<>(
      Comparator.<WebhookQueue, Instant>comparing(queue -> Objects.requireNonNull(queue.rest()))
          .thenComparing(WebhookQueue::webhookId));

  /** Throttles a queue until a time, or stops throttling it. */
  void put(WebhookQueue queue, @Nullable Instant until) {
    if (queue.rest() != null) {
      queues.remove(queue);
    }
    queue.setRest(until);
    if (until != null) {
      queues.add(queue);
    }
  }

  /** Those whose time has come; they are no longer throttled. */
  List<WebhookQueue> wake(Instant now) {
    if (queues.isEmpty()) {
      return List.of();
    }
    List<WebhookQueue> woken = new ArrayList<>();
    while (!queues.isEmpty() && !Objects.requireNonNull(queues.first().rest()).isAfter(now)) {
      WebhookQueue queue = queues.first();
      put(queue, null);
      woken.add(queue);
    }
    return woken;
  }

  /** The earliest time; null if no queue is throttled. */
  @Nullable
  Instant next() {
    return queues.isEmpty() ? null : queues.first().rest();
  }
}
