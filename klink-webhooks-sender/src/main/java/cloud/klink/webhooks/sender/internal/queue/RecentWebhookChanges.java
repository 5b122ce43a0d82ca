package cloud.klink.webhooks.sender.internal.queue;

import cloud.klink.webhooks.internal.BoundedMap;
import java.util.Map;

/**
 * The epochs at which the most recently changed webhooks were changed. Used by
 * {@link DispatchQueue} only, under its lock.
 */
final class RecentWebhookChanges {
  private static final int MAX = 10_000;

  private final Map<String, Long> epochs = BoundedMap.ofRecentlyAdded(MAX);
  private long epoch;

  /** The current point in the order of changes. */
  long epoch() {
    return epoch;
  }

  /** Begins a new epoch and returns it. */
  long next() {
    return ++epoch;
  }

  void add(String webhookId) {
    epochs.remove(webhookId);
    epochs.put(webhookId, next());
  }

  boolean isChangedSince(String webhookId, long then) {
    return epochs.getOrDefault(webhookId, 0L) > then;
  }
}
