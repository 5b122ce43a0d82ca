package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.event.Environment;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The events: the newest ones, and older ones as long as a delivery uses them. */
final class Events {
  private record Key(Environment environment, String id) {}

  private final int remembered;
  private final Map<Key, EventEntry> entries = new HashMap<>();
  private final Queue<EventEntry> newest = new ArrayDeque<>();

  Events(int remembered) {
    this.remembered = remembered;
  }

  @Nullable
  EventEntry find(Environment environment, String id) {
    return entries.get(new Key(environment, id));
  }

  void add(EventEntry event) {
    entries.put(keyOf(event), event);
    newest.add(event);
    if (newest.size() > remembered) {
      EventEntry oldest = newest.remove();
      oldest.isOld = true;
      forgetIfUseless(oldest);
    }
  }

  /** Somebody does not need the event's body any more. */
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
