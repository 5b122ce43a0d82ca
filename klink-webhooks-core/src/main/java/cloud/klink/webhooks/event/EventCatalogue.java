package cloud.klink.webhooks.event;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The events that can be subscribed to, in groups. A service adds its own to K-LINK's:
 *
 * <pre>{@code
 * EventCatalogue catalogue =
 *     EventCatalogue.klink()
 *         .with(new CatalogueEntry(
 *             EventName.of("contact.merged"), "Contacts Merged", "Two contacts became one."));
 * }</pre>
 *
 * <p>Immutable. A catalogue is for offering and publishing; a receiver needs none.
 */
public final class EventCatalogue {
  private static final EventCatalogue KLINK = new EventCatalogue(Map.of())
      .with(EventName.CONTACT_CREATED, "New Contact Created", "A new contact was added.")
      .with(EventName.CONTACT_UPDATED, "Contact Updated", "An existing contact's fields changed.")
      .with(EventName.MESSAGE_INBOUND, "Inbound Message Received", "A customer sent a message.")
      .with(
          EventName.MESSAGE_OUTBOUND,
          "Outbound Message Sent",
          "An agent or an automation sent a message.")
      .with(
          EventName.MESSAGE_COMMENT,
          "New Message Comment",
          "An agent left an internal comment that mentions a user.")
      .with(
          EventName.ROOM_SOLVED, "Room Solved/Closed", "A room was solved or closed by an agent.");

  private final Map<EventName, CatalogueEntry> entries;

  private EventCatalogue(Map<EventName, CatalogueEntry> entries) {
    this.entries = entries;
  }

  /**
   * The catalogue of K-LINK's own page: events of contacts, messages and rooms.
   *
   * @return six entries in the groups contact, message and room
   */
  public static EventCatalogue klink() {
    return KLINK;
  }

  private EventCatalogue with(EventName name, String title, String description) {
    return with(new CatalogueEntry(name, title, description));
  }

  /**
   * This catalogue with one more entry. An entry of the same name is replaced.
   *
   * @param entry the entry
   * @return a new catalogue
   */
  public EventCatalogue with(CatalogueEntry entry) {
    Map<EventName, CatalogueEntry> more = new LinkedHashMap<>(entries);
    more.put(entry.name(), entry);
    return new EventCatalogue(Collections.unmodifiableMap(more));
  }

  /**
   * All entries, in the order in which they were added.
   *
   * @return an unmodifiable list
   */
  public List<CatalogueEntry> entries() {
    return List.copyOf(entries.values());
  }

  /**
   * The entry of an event.
   *
   * @param name the event's name
   * @return empty if it is not in this catalogue
   */
  public Optional<CatalogueEntry> find(EventName name) {
    return Optional.ofNullable(entries.get(name));
  }

  /**
   * The entries by group: the events that a subscription to all of a group includes today.
   *
   * @return an unmodifiable map, sorted by group
   */
  public Map<EventGroup, List<CatalogueEntry>> groups() {
    Map<EventGroup, List<CatalogueEntry>> groups = new TreeMap<>();
    for (CatalogueEntry entry : entries.values()) {
      groups.computeIfAbsent(entry.group(), group -> new ArrayList<>()).add(entry);
    }
    groups.replaceAll((group, members) -> List.copyOf(members));
    return Collections.unmodifiableMap(groups);
  }
}
