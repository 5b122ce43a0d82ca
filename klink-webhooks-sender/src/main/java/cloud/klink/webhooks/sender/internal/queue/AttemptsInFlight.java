package cloud.klink.webhooks.sender.internal.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attempts in flight, with the slow ones kept apart. Used by {@link DispatchQueue} only, under
 * its lock.
 */
final class AttemptsInFlight {
  private final Map<QueuedDelivery, Instant> young = new LinkedHashMap<>();
  private final Set<QueuedDelivery> slow = new LinkedHashSet<>();

  /** Whether an attempt is in flight, and whether it is slow. */
  enum Age {
    NONE,
    YOUNG,
    SLOW
  }

  void add(QueuedDelivery delivery, Instant now) {
    young.put(delivery, now);
  }

  /** Removes an attempt and returns its age. */
  Age remove(QueuedDelivery delivery) {
    if (young.remove(delivery) != null) {
      return Age.YOUNG;
    }
    return slow.remove(delivery) ? Age.SLOW : Age.NONE;
  }

  /** The attempts that have become slow since the last call. */
  List<QueuedDelivery> overdue(Instant now) {
    Instant next = nextOverdue();
    if (next == null || now.isBefore(next)) {
      return List.of();
    }
    List<QueuedDelivery> overdue = new ArrayList<>();
    for (Iterator<Map.Entry<QueuedDelivery, Instant>> i = young.entrySet().iterator();
        i.hasNext(); ) {
      Map.Entry<QueuedDelivery, Instant> entry = i.next();
      if (now.isBefore(entry.getValue().plus(EndpointSpeed.SLOW_AFTER))) {
        break;
      }
      overdue.add(entry.getKey());
      i.remove();
    }
    slow.addAll(overdue);
    return overdue;
  }

  /** When the next one becomes slow; null if none will. */
  @Nullable
  Instant nextOverdue() {
    return young.isEmpty() ? null : young.values().iterator().next().plus(EndpointSpeed.SLOW_AFTER);
  }

  List<QueuedDelivery> all() {
    List<QueuedDelivery> all = new ArrayList<>(young.keySet());
    all.addAll(slow);
    return all;
  }

  int count() {
    return young.size() + slow.size();
  }
}
