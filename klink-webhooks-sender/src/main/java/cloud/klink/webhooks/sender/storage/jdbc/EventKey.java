package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.storage.NewEvent;
import java.util.Comparator;

/** What identifies an event. */
record EventKey(Environment environment, String id) {
  /** The order in which events are stored, so that no two nodes wait for each other. */
  static final Comparator<NewEvent> ORDER =
      Comparator.comparing(NewEvent::environment).thenComparing(NewEvent::id);

  static EventKey of(NewEvent event) {
    return new EventKey(event.environment(), event.id());
  }
}
