package cloud.klink.webhooks.sender.internal.queue;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Distributes the deliveries of one claim among webhooks that are not quick. New webhooks without
 * deliveries on this node come first: the latest and the longest-waiting each have a share, so that
 * none waits behind all earlier ones. After that, the webhook that holds the fewest deliveries is
 * next each time.
 */
final class ClaimShares {
  /** A queue, the number of its deliveries, and its order among queues with equal numbers. */
  private record Turn(WebhookQueue queue, int count, int turn) {}

  private final SlotShares shares;
  private final int max;
  private final Instant now;
  private final Deque<WebhookQueue> untried = new ArrayDeque<>();
  private final Deque<WebhookQueue> newcomers = new ArrayDeque<>();
  private final PriorityQueue<Turn> others =
      new PriorityQueue<>(Comparator.comparingInt(Turn::count).thenComparingInt(Turn::turn));
  private final Map<String, Integer> granted = new HashMap<>();
  private int total;

  private ClaimShares(SlotShares shares, int max, Instant now) {
    this.shares = shares;
    this.max = max;
    this.now = now;
  }

  /**
   * Distributes the free room.
   *
   * @param held the shares of deliveries in memory; not changed
   * @param waiting queues with deliveries waiting in the storage, the longest-waiting first
   * @param max the most deliveries to distribute
   */
  static Map<String, Integer> of(
      SlotShares held, Collection<WebhookQueue> waiting, int max, Instant now) {
    if (!held.hasRoom() || waiting.isEmpty()) {
      return Map.of();
    }
    ClaimShares claim = new ClaimShares(held.copy(), max, now);
    claim.sort(waiting);
    claim.grantUntried();
    claim.grantOthers();
    return claim.granted;
  }

  private void sort(Collection<WebhookQueue> waiting) {
    for (WebhookQueue queue : waiting) {
      if (!queue.isUntried()) {
        others.add(new Turn(queue, queue.held(), others.size()));
      } else if (queue.allowance(now) > 0) {
        untried.add(queue);
        if (queue.mayBeLatest()) {
          newcomers.add(queue);
        }
      }
    }
  }

  private void grantUntried() {
    boolean isGranted = true;
    while (isGranted) {
      isGranted = grant(newcomers.peekLast(), true);
      isGranted |= grant(untried.peekFirst(), false);
    }
  }

  private boolean grant(@Nullable WebhookQueue queue, boolean isLatest) {
    if (queue == null) {
      return false;
    }
    queue.setLatest(isLatest);
    boolean isGranted = grant(queue, 0, false);
    if (isGranted) {
      untried.remove(queue);
      newcomers.remove(queue);
      others.add(new Turn(queue, 1, others.size()));
    }
    return isGranted;
  }

  private void grantOthers() {
    while (!others.isEmpty()) {
      Turn first = others.remove();
      if (grant(first.queue(), first.count(), !untried.isEmpty())) {
        others.add(new Turn(first.queue(), first.count() + 1, first.turn()));
      }
    }
  }

  private boolean grant(WebhookQueue queue, int count, boolean isBesideNew) {
    SlotShare from = queue.share(count);
    SlotShare to = queue.share(count + 1);
    int has = granted.getOrDefault(queue.webhookId(), 0);
    boolean mayHave = total < max && has < queue.allowance(now);
    if (!mayHave || !(isBesideNew ? shares.admitsBesideNew(from, to) : shares.admits(from, to))) {
      return false;
    }
    shares.replace(from, to);
    granted.put(queue.webhookId(), has + 1);
    total++;
    return true;
  }
}
