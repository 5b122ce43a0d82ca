package cloud.klink.webhooks.event;

import cloud.klink.webhooks.MalformedException;
import java.util.Objects;

/**
 * An event that a service publishes and its customers can subscribe to.
 *
 * @param name its name, fit for publishing
 * @param title what a form or a list calls it
 * @param description when it happens
 */
public record CatalogueEntry(EventName name, String title, String description) {
  /**
   * Checks the entry.
   *
   * @param name its name
   * @param title what a form or a list calls it
   * @param description when it happens
   * @throws MalformedException if the name is not fit for publishing
   */
  public CatalogueEntry {
    EventName.of(name.value());
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(description, "description");
  }

  /**
   * The group of the event.
   *
   * @return what its name has before the first dot
   */
  public EventGroup group() {
    return new EventGroup(name.value().substring(0, name.value().indexOf('.')));
  }
}
