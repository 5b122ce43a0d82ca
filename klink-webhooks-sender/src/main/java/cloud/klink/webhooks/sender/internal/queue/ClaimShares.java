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
 * How much may be claimed for each webhook that is not quick. New webhooks with nothing on this
 * node come first: the latest and the longest-waiting each have a share, so that none waits behind
 * all earlier ones. After that, the webhook that holds the least is next each time. For one claim.
 */
final class ClaimShares {
  /** A queue, how much it holds and was given, and its order among queues that hold as much. */
  private record Turn(WebhookQueue queue, int count, int turn) {}

  private final SlotShares shares;
  private final int most;
  private final Instant now;
  private final Deque<WebhookQueue> untried = new ArrayDeque<>();
  private final Deque<WebhookQueue> newcomers = new ArrayDeque<>();
  private final PriorityQueue<Turn> others =
      new PriorityQueue<>(Comparator.comparingInt(Turn::count).thenComparingInt(Turn::turn));
  private final Map<String, Integer> given = new HashMap<>();
  private int total;

  private ClaimShares(SlotShares shares, int most, Instant now) {
    this.shares = shares;
    this.most = most;
    this.now = now;
  }

  /**
   * Distributes the free room.
   *
   * @param held what is in memory; it is not changed
   * @param waiting queues with deliveries waiting in the storage, the longest-waiting first
   * @param most how many deliveries may be distributed
   */
  static Map<String, Integer> of(
      SlotShares held, Collection<WebhookQueue> waiting, int most, Instant now) {
    if (!held.hasRoom() || waiting.isEmpty()) {
      return Map.of();
    }
    ClaimShares claim = new ClaimShares(held.copy(), most, now);
    claim.sort(waiting);
    claim.giveUntried();
    claim.giveOthers();
    return claim.given;
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

  private void giveUntried() {
    boolean isGiven = true;
    while (isGiven) {
      isGiven = give(newcomers.peekLast(), true);
      isGiven |= give(untried.peekFirst(), false);
    }
  }

  private boolean give(@Nullable WebhookQueue queue, boolean isLatest) {
    if (queue == null) {
      return false;
    }
    queue.setLatest(isLatest);
    boolean isGiven = give(queue, 0, false);
    if (isGiven) {
      untried.remove(queue);
      newcomers.remove(queue);
      others.add(new Turn(queue, 1, others.size()));
    }
    return isGiven;
  }

  private void giveOthers() {
    while (!others.isEmpty()) {
      Turn first = others.remove();
      if (give(first.queue(), first.count(), !untried.isEmpty())) {
        others.add(new Turn(first.queue(), first.count() + 1, first.turn()));
      }
    }
  }

  private boolean give(WebhookQueue queue, int count, boolean isBesideNew) {
    SlotShare from = queue.share(count);
    SlotShare to = queue.share(count + 1);
    int has = given.getOrDefault(queue.webhookId(), 0);
    boolean mayHave = total < most && has < queue.allowance(now);
    if (!mayHave || !(isBesideNew ? shares.admitsBesideNew(from, to) : shares.admits(from, to))) {
      return false;
    }
    shares.replace(from, to);
    given.put(queue.webhookId(), has + 1);
    total++;
    return true;
  }
}
