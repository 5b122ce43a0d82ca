package cloud.klink.webhooks.event;

import cloud.klink.webhooks.MalformedException;
import java.util.regex.Pattern;

/**
 * The name of an event, as {@code contact.created}. The constructor accepts any text, so that a
 * receiver never refuses an event because of its name; {@link #isWellFormed} says whether a name
 * may be published.
 *
 * @param value the name
 */
public record EventName(String value) implements Comparable<EventName> {
  /** The longest name that may be published, in characters. */
  public static final int MAX_LENGTH = 100;

  /** A new contact was added. */
  public static final EventName CONTACT_CREATED = new EventName("contact.created");

  /** An existing contact's fields changed. */
  public static final EventName CONTACT_UPDATED = new EventName("contact.updated");

  /** A customer sent a message. */
  public static final EventName MESSAGE_INBOUND = new EventName("message.inbound");

  /** An agent or an automation sent a message. */
  public static final EventName MESSAGE_OUTBOUND = new EventName("message.outbound");

  /** An agent left an internal comment that mentions a user. */
  public static final EventName MESSAGE_COMMENT = new EventName("message.comment");

  /** A room was solved or closed by an agent. */
  public static final EventName ROOM_SOLVED = new EventName("room.solved");

  private static final Pattern WELL_FORMED = Pattern.compile("[a-z][a-z0-9_-]*(\\.[a-z0-9_-]+)+");

  /**
   * A name to be published.
   *
   * @param value words of {@code a-z 0-9 _ -} joined by dots, the first of which is the group; at
   *     most {@value #MAX_LENGTH} characters
   * @return the name
   * @throws MalformedException if it is not of that form
   */
  public static EventName of(String value) {
    EventName name = new EventName(value);
    if (!name.isWellFormed()) {
      throw Malformed.event(
          "event",
          "a name to be published must be lower-case words joined by dots, as contact.created is, of"
              + " at most "
              + MAX_LENGTH
              + " characters");
    }
    return name;
  }

  /**
   * Whether an event of this name may be published.
   *
   * @return true for words of {@code a-z 0-9 _ -} joined by at least one dot
   */
  public boolean isWellFormed() {
    return value.length() <= MAX_LENGTH && WELL_FORMED.matcher(value).matches();
  }

  @Override
  public int compareTo(EventName other) {
    return value.compareTo(other.value);
  }

  /** The name. */
  @Override
  public String toString() {
    return value;
  }
}
