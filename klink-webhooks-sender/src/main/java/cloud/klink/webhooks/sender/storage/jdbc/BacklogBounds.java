package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From when on a claim looks for what is due in each queue, in microseconds.
 *
 * @param seenAt the time of the look at all queues that they come from
 * @param low for queues that are not named
 * @param queues for queues with older deliveries, by webhook id
 */
record BacklogBounds(Instant seenAt, long low, Map<String, Long> queues) {
  /** What becomes due earlier than that before a look, and later than it, is found by the next. */
  private static final long MARGIN = 5_000_000;

  static long lowAt(Instant now) {
    return EpochMicros.of(now) - MARGIN;
  }

  static BacklogBounds seen(Instant now, Map<String, Long> older) {
    return new BacklogBounds(now, lowAt(now), Map.copyOf(older));
  }

  /** A webhook that was changed later may have been paused, or not there, when it was looked at. */
  long changedAfter() {
    return lowAt(seenAt);
  }

  /** After deliveries were taken: of each queue, those that were due first. */
  BacklogBounds after(List<ClaimedDelivery> taken) {
    Map<String, Long> first = new HashMap<>();
    taken.forEach(one -> first.merge(one.webhookId(), EpochMicros.of(one.dueAt()), Math::min));
    Map<String, Long> next = new HashMap<>(queues);
    next.replaceAll((id, bound) -> Math.max(bound, Math.min(low, first.getOrDefault(id, bound))));
    return new BacklogBounds(seenAt, low, Map.copyOf(next));
  }

  /** After deliveries of any queue were made due at a time. */
  BacklogBounds from(long dueAt) {
    if (dueAt >= low && queues.values().stream().allMatch(bound -> bound <= dueAt)) {
      return this;
    }
    Map<String, Long> next = new HashMap<>(queues);
    next.replaceAll((id, bound) -> Math.min(bound, dueAt));
    return new BacklogBounds(seenAt, Math.min(low, dueAt), Map.copyOf(next));
  }
}
