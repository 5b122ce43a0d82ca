package cloud.klink.webhooks.examples.benchmarks.delivery;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.examples.benchmarks.canonical.Bodies;
import java.util.List;
import java.util.stream.IntStream;

/** Events of about a size, that differ in their ids only. */
final class Events {
  private final Event template;

  Events(int size) {
    this.template = Event.parse(Bodies.sorted(size));
  }

  Event of(long run, int number) {
    return template.withId(EventId.of(run, number));
  }

  List<Event> of(long run, int from, int to) {
    return IntStream.range(from, to).mapToObj(number -> of(run, number)).toList();
  }
}
