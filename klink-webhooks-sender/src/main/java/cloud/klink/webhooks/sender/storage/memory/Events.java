package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.event.Environment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The events: the newest ones by the time of publishing, and older ones that deliveries need. */
final class Events {
  private record Key(Environment environment, String id) {}

  private final int maxRemembered;
  private final Map<Key, EventEntry> entries = new HashMap<>();
  private final NavigableMap<LogPosition, EventEntry> newest = new TreeMap<>();
  private long added;

  Events(int maxRemembered) {
    this.maxRemembered = maxRemembered;
  }

  @Nullable
  EventEntry find(Environment environment, String id) {
    return entries.get(new Key(environment, id));
  }

  void add(EventEntry event) {
    entries.put(keyOf(event), event);
    event.position = new LogPosition(event.publishedAt, added++);
    newest.put(event.position, event);
    if (newest.size() > maxRemembered) {
      expire(newest.firstEntry().getValue());
    }
  }

  int size() {
    return entries.size();
  }

  private void expire(EventEntry event) {
    newest.remove(event.position);
    event.isExpired = true;
    removeIfUnreferenced(event);
  }

  /**
   * Removes events of a period that no delivery needs.
   *
   * @param limit how many are examined; others of the same time as the last one are included
   * @return where to continue; empty if all were examined
   */
  Optional<Instant> purge(Instant from, Instant before, int limit) {
    List<EventEntry> examined = new ArrayList<>();
    Instant last = from;
    if (from.isBefore(before)) {
      for (EventEntry event :
          newest.subMap(LogPosition.at(from), LogPosition.at(before)).values()) {
        if (examined.size() >= limit && event.publishedAt.isAfter(last)) {
          break;
        }
        examined.add(event);
        last = event.publishedAt;
      }
    }
    examined.stream().filter(event -> event.references == 0).forEach(this::expire);
    return examined.size() < limit ? Optional.empty() : Optional.of(last.plusNanos(1_000));
  }

  /** Notes that one delivery less needs the event's body. */
  void release(EventEntry event) {
    event.references--;
    removeIfUnreferenced(event);
  }

  private void removeIfUnreferenced(EventEntry event) {
    if (event.references == 0) {
      event.forgetBody();
      if (event.isExpired) {
        entries.remove(keyOf(event));
      }
    }
  }

  private static Key keyOf(EventEntry event) {
    return new Key(event.environment, event.id);
  }
}
