package cloud.klink.webhooks.sender.internal.queue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Queues that are known to have deliveries waiting in the storage, the longest-waiting first. Used
 * by {@link DispatchQueue} only, under its lock.
 */
final class BackloggedQueues {
  private final Set<WebhookQueue> quick = new LinkedHashSet<>();
  private final Set<WebhookQueue> others = new LinkedHashSet<>();

  /**
   * Adds, moves or removes a queue.
   *
   * @return whether the number of queues that are not quick has changed
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

  /** Moves a queue to the end after its turn, unless there was no room for its first delivery. */
  void moveToEnd(WebhookQueue queue) {
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
