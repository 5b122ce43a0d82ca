package cloud.klink.webhooks.event;

/**
 * A group of events: those whose names start with its name and a dot. Subscribing to a group, or
 * handling one, includes events that join it later.
 *
 * @param value the name, for example {@code contact}; never empty, without a dot
 */
public record EventGroup(String value) implements Comparable<EventGroup> {
  /** Events of contacts. */
  public static final EventGroup CONTACT = new EventGroup("contact");

  /** Events of messages. */
  public static final EventGroup MESSAGE = new EventGroup("message");

  /** Events of rooms. */
  public static final EventGroup ROOM = new EventGroup("room");

  /**
   * A group of that name.
   *
   * @param value the name
   * @throws IllegalArgumentException if the name is empty or has a dot
   */
  public EventGroup {
    if (value.isEmpty() || value.indexOf('.') >= 0) {
      throw new IllegalArgumentException("event group: its name must not be empty or have a dot");
    }
  }

  /**
   * Whether an event belongs to this group.
   *
   * @param name the event's name
   * @return true if the name starts with this group's and a dot
   */
  public boolean contains(EventName name) {
    String text = name.value();
    return text.length() > value.length()
        && text.charAt(value.length()) == '.'
        && text.startsWith(value);
  }

  @Override
  public int compareTo(EventGroup other) {
    return value.compareTo(other.value);
  }

  /** The name. */
  @Override
  public String toString() {
    return value;
  }
}
