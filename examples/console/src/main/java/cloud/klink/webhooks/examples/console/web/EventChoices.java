package cloud.klink.webhooks.examples.console.web;

import cloud.klink.webhooks.event.CatalogueEntry;
import cloud.klink.webhooks.event.EventCatalogue;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The events that a form offers, in their groups. */
final class EventChoices {
  /**
   * A group.
   *
   * @param name its name
   * @param all the selector of the whole group
   * @param events its events
   */
  public record Group(String name, String all, List<CatalogueEntry> events) {}

  private EventChoices() {}

  static List<Group> groups() {
    List<Group> groups = new ArrayList<>();
    EventCatalogue.klink()
        .groups()
        .forEach((group, entries) ->
            groups.add(new Group(group.value(), group.value() + ".*", entries)));
    return List.copyOf(groups);
  }

  static List<CatalogueEntry> entries() {
    return EventCatalogue.klink().entries();
  }

  /** What a webhook is subscribed to and the catalogue does not have: it must not be lost. */
  static List<String> others(List<String> selectors) {
    List<String> known = groups().stream()
        .flatMap(group -> Stream.concat(
            Stream.of(group.all()),
            group.events().stream().map(entry -> entry.name().value())))
        .toList();
    return selectors.stream().filter(selector -> !known.contains(selector)).toList();
  }
}
