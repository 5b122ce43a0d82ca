package cloud.klink.webhooks.sender.internal.queue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Queues for which something is known to wait in the storage, those that wait longest first. Used
 * by {@link DispatchQueue} only, under its lock.
 */
final class BackloggedQueues {
  private final Set<WebhookQueue> quick = new LinkedHashSet<>();
  private final Set<WebhookQueue> others = new LinkedHashSet<>();

  /**
   * Puts a queue where it belongs.
   *
   * @return whether it is one more, or one less, that is not quick
   */
  boolean put(WebhookQueue queue, boolean waits) {
    boolean isQuick = queue.isQuick();
    if (isQuick && waits) {
      quick.add(queue);
    } else {
      quick.remove(queue);
    }
    boolean isOther = waits && !isQuick;
    return isOther ? others.add(queue) : others.remove(queue);
  }

  /** It had its turn, unless it found no place for the first of it. */
  void toTheEnd(WebhookQueue queue) {
    if (!queue.isUntried() && others.remove(queue)) {
      others.add(queue);
    }
  }

  Set<WebhookQueue> quick() {
    return quick;
  }

  Set<WebhookQueue> others() {
    return others;
  }

  boolean isEmpty() {
    return quick.isEmpty() && others.isEmpty();
  }

  List<WebhookQueue> all() {
    List<WebhookQueue> all = new ArrayList<>(quick);
    all.addAll(others);
    return all;
  }
}
