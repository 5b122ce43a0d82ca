package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.canonical.CanonicalBody;
import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.internal.tracing.SenderTracer;
import cloud.klink.webhooks.sender.internal.tracing.TraceParent;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.NewEvent;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes events what is stored and sent: named well, with an id, canonical, and not too large.
 *
 * @param ids gives ids to those without
 * @param clock tells when they are published
 * @param maxPayload the longest body, in bytes
 * @param tracer tells the span in which they are published
 */
record EventPreparer(Ids ids, Clock clock, int maxPayload, SenderTracer tracer) {
  /** All events of one publishing, or none. */
  List<NewEvent> prepare(Environment environment, List<Event> events) {
    Objects.requireNonNull(environment, "environment");
    if (events.size() > WebhookSender.MAX_EVENTS) {
      throw new PublishException(
          SenderReason.TOO_MANY_EVENTS,
          "events: at most " + WebhookSender.MAX_EVENTS + " can be published at once, not "
              + events.size());
    }
    Optional<String> span = spanOfCaller();
    return events.stream().map(event -> prepare(environment, event, span)).toList();
  }

  NewEvent prepare(Environment environment, Event event) {
    return prepare(environment, event, spanOfCaller());
  }

  private Optional<String> spanOfCaller() {
    return tracer.current().map(TraceParent::value);
  }

  private NewEvent prepare(Environment environment, Event event, Optional<String> span) {
    EventName name = EventName.of(event.name().value());
    Event identified = event.id().isPresent() ? event : event.withId(ids.next("evt_"));
    CanonicalBody body = identified.toBody();
    if (body.length() > maxPayload) {
      throw new PublishException(
          SenderReason.EVENT_TOO_LARGE,
          "event: its body has " + body.length() + " bytes and may have " + maxPayload
              + "; send less, or raise maxPayload");
    }
    return new NewEvent(
        environment,
        identified.id().orElseThrow(),
        name,
        EventBody.of(body.toBytes()),
        clock.instant().truncatedTo(ChronoUnit.MICROS),
        span);
  }
}
