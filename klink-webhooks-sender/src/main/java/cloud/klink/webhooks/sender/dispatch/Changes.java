package cloud.klink.webhooks.sender.dispatch;

import java.util.LinkedHashMap;
import java.util.Map;

/** When webhooks were changed, those changed last. Used by {@link Lanes} only, under its lock. */
final class Changes {
  private static final int MAX = 10_000;

  private final Map<String, Long> epochs = new LinkedHashMap<>();
  private long epoch;

  /** A moment to compare changes with. */
  long epoch() {
    return epoch;
  }

  /** A new one. */
  long next() {
    return ++epoch;
  }

  void add(String webhookId) {
    epochs.remove(webhookId);
    epochs.put(webhookId, next());
    if (epochs.size() > MAX) {
      epochs.remove(epochs.keySet().iterator().next());
    }
  }

  boolean isChangedSince(String webhookId, long then) {
    return epochs.getOrDefault(webhookId, 0L) > then;
  }
}
