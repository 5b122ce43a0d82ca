package cloud.klink.webhooks.sender.storage.memory;

import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which lanes have something to claim: those that are ripe, by id, and the others by the time at
 * which they will be. So a claim looks at no lane that has nothing for it.
 */
final class ClaimOrder {
  private final NavigableMap<String, WebhookDeliveries> ripe = new TreeMap<>();
  private final IndexedHeap<WebhookDeliveries> unripe = new IndexedHeap<>();
  private final Set<String> orphans = new TreeSet<>();

  /** Tells of any change to a lane: to its webhook, or to what waits in it. */
  void changed(WebhookDeliveries lane) {
    if (!lane.isActive()) {
      ripe.remove(lane.webhookId);
      unripe.remove(lane);
    } else if (!ripe.containsKey(lane.webhookId)) {
      unripe.put(lane);
    }
    if (lane.isOrphan()) {
      orphans.add(lane.webhookId);
    } else {
      orphans.remove(lane.webhookId);
    }
  }

  /**
   * Goes once around the ripe lanes.
   *
   * @param after the id after which to begin
   * @param visitor takes what it may from a lane, and says whether to go on
   */
  void goAround(String after, Instant now, Predicate<WebhookDeliveries> visitor) {
    for (WebhookDeliveries lane = unripe.first();
        lane != null && !lane.due().isAfter(now);
        lane = unripe.first()) {
      unripe.remove(lane);
      ripe.put(lane.webhookId, lane);
    }
    if (visit(ripe.tailMap(after, false), now, visitor)) {
      visit(ripe.headMap(after, true), now, visitor);
    }
  }

  private boolean visit(
      NavigableMap<String, WebhookDeliveries> lanes,
      Instant now,
      Predicate<WebhookDeliveries> visitor) {
    for (Map.Entry<String, WebhookDeliveries> turn = lanes.firstEntry();
        turn != null;
        turn = lanes.higherEntry(turn.getKey())) {
      WebhookDeliveries lane = turn.getValue();
      boolean goOn = visitor.test(lane);
      if (lane.due().isAfter(now)) {
        lanes.remove(turn.getKey());
        unripe.put(lane);
      }
      if (!goOn) {
        return false;
      }
    }
    return true;
  }

  /** When the first unripe lane will be ripe. */
  Optional<Instant> nextDue() {
    return Optional.ofNullable(unripe.first()).map(WebhookDeliveries::due);
  }

  Set<String> orphans() {
    return orphans;
  }
}
