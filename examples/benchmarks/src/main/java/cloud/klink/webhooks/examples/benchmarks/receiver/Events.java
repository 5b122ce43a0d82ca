package cloud.klink.webhooks.examples.benchmarks.receiver;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.examples.benchmarks.canonical.Bodies;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Events of about a size, that differ in their ids only. */
public final class Events {
  private final Event template;

  private Events(Event template) {
    this.template = template;
  }

  /**
   * Events of the group {@code contact}.
   *
   * @param size about how many bytes one has
   */
  public Events(int size) {
    this(Event.parse(Bodies.sorted(size)));
  }

  /**
   * The same events by another name.
   *
   * @param name the name
   * @return the events
   */
  public Events named(EventName name) {
    return new Events(
        Event.builder(name).timestamp(Instant.now()).data(template.data()).build());
  }

  /**
   * An event.
   *
   * @param run the run that it belongs to
   * @param number its number within the run
   * @return the event
   */
  public Event of(long run, int number) {
    return template.withId(EventId.of(run, number));
  }

  /**
   * Events in a row.
   *
   * @param run the run that they belong to
   * @param from the number of the first
   * @param to the number after that of the last
   * @return the events
   */
  public List<Event> of(long run, int from, int to) {
    return IntStream.range(from, to).mapToObj(number -> of(run, number)).toList();
  }
}
