package cloud.klink.webhooks.sender.internal.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Which webhooks that are not quick may claim how much: each time the one that has the least on
 * this node. Of those that have nothing, one that is new and one that is slow in turns, and of the
 * new ones the latest and the earliest in turns, so that none waits behind all that came before.
 */
final class ClaimShares {
  /** A queue, what it has and is given, and its turn among those with as much. */
  private record Turn(WebhookQueue queue, int count, int turn) {}

  private ClaimShares() {}

  /**
   * Hands out what there is room for.
   *
   * @param held what is in memory; it is not changed
   * @param waiting queues for which something waits in the storage, those that wait longest first
   * @param most how much may be given out
   */
  static Map<String, Integer> of(
      SlotShares held, Collection<WebhookQueue> waiting, int most, Instant now) {
    if (!held.hasRoom() || waiting.isEmpty()) {
      return Map.of();
    }
    SlotShares shares = held.copy();
    PriorityQueue<Turn> order =
        new PriorityQueue<>(Comparator.comparingInt(Turn::count).thenComparingInt(Turn::turn));
    order.addAll(turns(waiting));
    Map<String, Integer> given = new HashMap<>();
    for (int i = 0; i < most && shares.hasRoom() && !order.isEmpty(); ) {
      Turn first = order.remove();
      WebhookQueue queue = first.queue();
      SlotShare from = queue.share(first.count());
      SlotShare to = queue.share(first.count() + 1);
      int has = given.getOrDefault(queue.webhookId(), 0);
      if (has < queue.allowance(now) && shares.admits(from, to)) {
        shares.replace(from, to);
        given.put(queue.webhookId(), has + 1);
        order.add(new Turn(queue, first.count() + 1, first.turn()));
        i++;
      }
    }
    return given;
  }

  private static List<Turn> turns(Collection<WebhookQueue> waiting) {
    List<WebhookQueue> untried = new ArrayList<>();
    List<Turn> turns = new ArrayList<>();
    for (WebhookQueue queue : waiting) {
      if (queue.kind() == SpeedClass.NEW && queue.held() == 0) {
        untried.add(queue);
      } else {
        turns.add(new Turn(queue, queue.held(), 2 * turns.size() + 1));
      }
    }
    int count = untried.size();
    for (int i = 0; i < count; i++) {
      int index = i % 2 == 0 ? count - 1 - i / 2 : i / 2;
      turns.add(new Turn(untried.get(index), 0, 2 * i));
    }
    return turns;
  }
}
