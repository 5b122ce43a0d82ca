package cloud.klink.webhooks.sender.dispatch;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Lanes for which something is known to wait in the storage, those that wait longest first. Used by
 * {@link Lanes} only, under its lock.
 */
final class Waiting {
  private final Set<Lane> quick = new LinkedHashSet<>();
  private final Set<Lane> others = new LinkedHashSet<>();

  /**
   * Puts a lane where it belongs.
   *
   * @return whether it is one more that is not quick
   */
  boolean put(Lane lane, boolean waits) {
    Set<Lane> own = lane.isQuick() ? quick : others;
    (own == quick ? others : quick).remove(lane);
    if (!waits) {
      own.remove(lane);
      return false;
    }
    return own.add(lane) && own == others;
  }

  /** It had its turn. */
  void toTheEnd(Lane lane) {
    if (others.remove(lane)) {
      others.add(lane);
    }
  }

  Set<Lane> quick() {
    return quick;
  }

  Set<Lane> others() {
    return others;
  }

  boolean isEmpty() {
    return quick.isEmpty() && others.isEmpty();
  }

  List<Lane> all() {
    List<Lane> all = new ArrayList<>(quick);
    all.addAll(others);
    return all;
  }
}
