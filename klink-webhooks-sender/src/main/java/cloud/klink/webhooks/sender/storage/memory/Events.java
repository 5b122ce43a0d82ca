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

/** The events: the newest ones by when they were published, and older ones that are used. */
final class Events {
  private record Key(Environment environment, String id) {}

  private final int remembered;
  private final Map<Key, EventEntry> entries = new HashMap<>();
  private final NavigableMap<LogPosition, EventEntry> newest = new TreeMap<>();
  private long added;

  Events(int remembered) {
    this.remembered = remembered;
  }

  @Nullable
  EventEntry find(Environment environment, String id) {
    return entries.get(new Key(environment, id));
  }

  void add(EventEntry event) {
    entries.put(keyOf(event), event);
    event.position = new LogPosition(event.publishedAt, added++);
    newest.put(event.position, event);
    if (newest.size() > remembered) {
      age(newest.firstEntry().getValue());
    }
  }

  int size() {
    return entries.size();
  }

  private void age(EventEntry event) {
    newest.remove(event.position);
    event.isOld = true;
    forgetIfUseless(event);
  }

  /**
   * Removes those of a time that no delivery uses.
   *
   * @param limit how many are looked at, and with the last one others of its time
   * @return where to go on, if there were as many
   */
  Optional<Instant> purge(Instant from, Instant before, int limit) {
    List<EventEntry> looked = new ArrayList<>();
    Instant last = from;
    if (from.isBefore(before)) {
      for (EventEntry event :
          newest.subMap(LogPosition.at(from), LogPosition.at(before)).values()) {
        if (looked.size() >= limit && event.publishedAt.isAfter(last)) {
          break;
        }
        looked.add(event);
        last = event.publishedAt;
      }
    }
    looked.stream().filter(event -> event.users == 0).forEach(this::age);
    return looked.size() < limit ? Optional.empty() : Optional.of(last.plusNanos(1_000));
  }

  /** One delivery does not need the event's body any more. */
  void leave(EventEntry event) {
    event.users--;
    forgetIfUseless(event);
  }

  private void forgetIfUseless(EventEntry event) {
    if (event.users == 0) {
      event.forgetBody();
      if (event.isOld) {
        entries.remove(keyOf(event));
      }
    }
  }

  private static Key keyOf(EventEntry event) {
    return new Key(event.environment, event.id);
  }
}
