package cloud.klink.webhooks.sender.dispatch;

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
final class Ration {
  /** A lane, what it has and is given, and its turn among those with as much. */
  private record Turn(Lane lane, int count, int turn) {}

  private Ration() {}

  /**
   * Hands out what there is room for.
   *
   * @param held what is in memory; it is not changed
   * @param waiting lanes for which something waits in the storage, those that wait longest first
   * @param most how much may be given out
   */
  static Map<String, Integer> of(Shares held, Collection<Lane> waiting, int most, Instant now) {
    if (!held.hasRoom() || waiting.isEmpty()) {
      return Map.of();
    }
    Shares shares = held.copy();
    PriorityQueue<Turn> queue =
        new PriorityQueue<>(Comparator.comparingInt(Turn::count).thenComparingInt(Turn::turn));
    queue.addAll(turns(waiting));
    Map<String, Integer> given = new HashMap<>();
    for (int i = 0; i < most && shares.hasRoom() && !queue.isEmpty(); ) {
      Turn first = queue.remove();
      Lane lane = first.lane();
      Share from = lane.share(first.count());
      Share to = lane.share(first.count() + 1);
      int has = given.getOrDefault(lane.webhookId(), 0);
      if (has < lane.allowance(now) && shares.admits(from, to)) {
        shares.replace(from, to);
        given.put(lane.webhookId(), has + 1);
        queue.add(new Turn(lane, first.count() + 1, first.turn()));
        i++;
      }
    }
    return given;
  }

  private static List<Turn> turns(Collection<Lane> waiting) {
    List<Lane> untried = new ArrayList<>();
    List<Turn> turns = new ArrayList<>();
    for (Lane lane : waiting) {
      if (lane.kind() == Kind.NEW && lane.held() == 0) {
        untried.add(lane);
      } else {
        turns.add(new Turn(lane, lane.held(), 2 * turns.size() + 1));
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
