package cloud.klink.webhooks.examples.samples;

import cloud.klink.webhooks.event.CatalogueEntry;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventCatalogue;
import cloud.klink.webhooks.event.EventName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * An event as K-LINK sends it for each entry of its catalogue, with text in Khmer, Vietnamese,
 * Chinese and Thai and with emoji. Ids and timestamps are fixed: every call gives equal events.
 */
public final class SampleEvents {
  private SampleEvents() {}

  /**
   * One event for each entry of K-LINK's catalogue.
   *
   * @return an unmodifiable list, in the catalogue's order
   */
  public static List<Event> all() {
    return EventCatalogue.klink().entries().stream()
        .map(CatalogueEntry::name)
        .map(SampleEvents::of)
        .toList();
  }

  /**
   * The event for one entry of K-LINK's catalogue.
   *
   * @param name the entry's name
   * @return the event
   * @throws IllegalArgumentException if the catalogue has no such entry
   */
  public static Event of(EventName name) {
    return Event.parse(json(name));
  }

  /**
   * The same event as it is written down: indented, its members in no order.
   *
   * @param name the entry's name
   * @return JSON in UTF-8
   * @throws IllegalArgumentException if the catalogue has no such entry
   */
  public static byte[] json(EventName name) {
    if (EventCatalogue.klink().find(name).isEmpty()) {
      throw new IllegalArgumentException("event: there is no sample of \"" + name + "\"");
    }
    try (InputStream file = SampleEvents.class.getResourceAsStream(name + ".json")) {
      if (file == null) {
        throw new IllegalStateException("The file " + name + ".json is missing");
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
