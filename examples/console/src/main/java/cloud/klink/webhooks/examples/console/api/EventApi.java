package cloud.klink.webhooks.examples.console.api;

import cloud.klink.webhooks.event.CatalogueEntry;
import cloud.klink.webhooks.event.EventCatalogue;
import cloud.klink.webhooks.examples.console.demo.SampleEvents;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The events that a webhook can be subscribed to. */
@RestController
@RequestMapping("/api/v1/events")
class EventApi {
  /**
   * An event.
   *
   * @param event its name
   * @param group its group; {@code GROUP.*} subscribes to all of it
   * @param title what the pages call it
   * @param description when it happens
   * @param data sample data, as the text of a JSON object
   */
  public record EventJson(
      String event, String group, String title, String description, String data) {
    static EventJson of(CatalogueEntry entry) {
      String name = entry.name().value();
      return new EventJson(
          name, entry.group().value(), entry.title(), entry.description(), SampleEvents.data(name));
    }
  }

  /**
   * The catalogue.
   *
   * @param items its events
   */
  public record CatalogueJson(List<EventJson> items) {}

  @GetMapping
  CatalogueJson list() {
    return new CatalogueJson(
        EventCatalogue.klink().entries().stream().map(EventJson::of).toList());
  }
}
