package cloud.klink.webhooks.sender.webhook;

import cloud.klink.webhooks.MalformedException;
import cloud.klink.webhooks.event.EventGroup;
import cloud.klink.webhooks.event.EventName;
import java.util.List;

/**
 * What a webhook is subscribed to: a single event, or a whole group with the events that join it
 * later.
 *
 * @param selector an event's name, as {@code contact.created}, or a group's and {@code .*}, as
 *     {@code contact.*}
 */
public record Subscription(String selector) implements Comparable<Subscription> {
  private static final String ALL = ".*";

  /**
   * A subscription from its text.
   *
   * @param selector {@code contact.created} or {@code contact.*}
   * @throws MalformedException if the name is not one that may be published
   */
  public Subscription {
    EventName.of(selector.endsWith(ALL) ? probe(selector) : selector);
  }

  /**
   * To one event.
   *
   * @param name its name
   * @return the subscription
   * @throws MalformedException if the name is not one that may be published
   */
  public static Subscription to(EventName name) {
    return new Subscription(name.value());
  }

  /**
   * The text of a subscription to a whole group.
   *
   * @param group the group
   * @return its name and {@code .*}
   */
  public static String selectorOf(EventGroup group) {
    return group.value() + ALL;
  }

  /**
   * The texts of all subscriptions that an event matches: its name, and its group's.
   *
   * @param name the event's name
   * @return the two selectors
   */
  public static List<String> selectorsOf(EventName name) {
    String text = name.value();
    int dot = text.indexOf('.');
    return dot < 0 ? List.of(text) : List.of(text, text.substring(0, dot) + ALL);
  }

  @Override
  public int compareTo(Subscription other) {
    return selector.compareTo(other.selector);
  }

  /** The selector. */
  @Override
  public String toString() {
    return selector;
  }

  /** A group's name is right if an event of it can be: the group has no dot of its own. */
  private static String probe(String selector) {
    String group = selector.substring(0, selector.length() - ALL.length());
    return group.indexOf('.') < 0 ? group + ".x" : "";
  }
}
