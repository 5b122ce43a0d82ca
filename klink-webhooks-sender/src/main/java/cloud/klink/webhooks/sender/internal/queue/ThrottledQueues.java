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
  private final TreeSet<WebhookQueue> queues =
      new TreeSet<>(Comparator.<WebhookQueue, Instant>comparing(
              queue -> Objects.requireNonNull(queue.throttledUntil()))
          .thenComparing(WebhookQueue::webhookId));

  /** Throttles a queue until a time, or stops throttling it. */
  void put(WebhookQueue queue, @Nullable Instant until) {
    if (queue.throttledUntil() != null) {
      queues.remove(queue);
    }
    queue.setThrottledUntil(until);
    if (until != null) {
      queues.add(queue);
    }
  }

  /** Removes and returns the queues whose time has come. */
  List<WebhookQueue> removeDue(Instant now) {
    if (queues.isEmpty()) {
      return List.of();
    }
    List<WebhookQueue> due = new ArrayList<>();
    while (!queues.isEmpty()
        && !Objects.requireNonNull(queues.first().throttledUntil()).isAfter(now)) {
      WebhookQueue queue = queues.first();
      put(queue, null);
      due.add(queue);
    }
    return due;
  }

  /** The earliest time; null if no queue is throttled. */
  @Nullable
  Instant next() {
    return queues.isEmpty() ? null : queues.first().throttledUntil();
  }
}
