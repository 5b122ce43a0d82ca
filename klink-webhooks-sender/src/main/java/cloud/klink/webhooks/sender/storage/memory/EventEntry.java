package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.storage.NewEvent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An event: its id is remembered longer than its body. */
final class EventEntry {
  final Environment environment;
  final String id;
  final EventName name;
  final Instant publishedAt;
  final Optional<String> traceParent;

  final DeliveryOrder log = new DeliveryOrder();

  /** Its position among the events whose ids are remembered. */
  LogPosition position;

  /** How many deliveries need the body; the log counts as one if there are none. */
  int references;

  /** Whether the id is removed as soon as nothing needs the body. */
  boolean isExpired;

  private @Nullable EventBody body;

  EventEntry(NewEvent event) {
    this.environment = event.environment();
    this.id = event.id();
    this.name = event.name();
    this.publishedAt = event.publishedAt().truncatedTo(ChronoUnit.MICROS);
    this.position = LogPosition.at(publishedAt);
    this.traceParent = event.traceParent();
    this.body = event.body();
  }

  @Nullable
  EventBody body() {
    return body;
  }

  /** The body, which a delivery that needs it keeps. */
  EventBody requiredBody() {
    return Objects.requireNonNull(body, "body");
  }

  void forgetBody() {
    body = null;
  }
}
