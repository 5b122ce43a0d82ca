package cloud.klink.webhooks.sender.metrics;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The meters in one registry. */
final class Meters {
  private static final String PREFIX = "klink.webhooks.";

  private final MeterRegistry registry;
  private final Tags tags;

  /** Kept here, for registries refer to it weakly. */
  private final Readings readings;

  private final List<Meter> gauges = new ArrayList<>();
  private final MeterProvider<Timer> attempts;
  private final MeterProvider<Counter> finished;
  private final MeterProvider<Counter> pauses;
  private final Counter recoveries;

  Meters(MeterRegistry registry, Tags tags, Readings readings) {
    this.registry = registry;
    this.tags = tags;
    this.readings = readings;
    this.attempts = Timer.builder(PREFIX + "attempts")
        .description("Attempts to deliver, and how long they took")
        .tags(tags)
        .withRegistry(registry);
    this.finished = counter("deliveries.finished", "Finished deliveries").withRegistry(registry);
    this.pauses = counter("pauses", "Webhooks that were paused").withRegistry(registry);
    this.recoveries =
        counter("recoveries", "Webhooks that succeeded after failures").register(registry);
    gauges();
  }

  private Counter.Builder counter(String name, String description) {
    return Counter.builder(PREFIX + name).description(description).tags(tags);
  }

  private void gauges() {
    gauge("attempts.in.flight", "Attempts in progress", Readings::inFlight);
    gauge("deliveries.queued", "Claimed deliveries in memory", Readings::queued);
    time("outage", "Time since this node has seemed to be cut off", Readings::outage);
    gauge(
        "webhooks.unreadable",
        "Webhooks whose stored secrets cannot be read",
        Readings::unreadable);
    gauges.add(FunctionCounter.builder(PREFIX + "listeners.dropped", readings, Readings::dropped)
        .baseUnit("events")
        .description("Events that slow listeners missed")
        .tags(tags)
        .register(registry));
    gauge("storage.up", "1 if the storage can be reached, otherwise 0", Readings::storageUp);
    gauge("deliveries.waiting", "Deliveries of active webhooks that wait", Readings::waiting);
    gauge("deliveries.held", "Deliveries of paused webhooks", Readings::held);
    time("deliveries.oldest.due", "Age of the oldest due delivery", Readings::oldestDue);
    gauge("webhooks.paused", "Webhooks that are paused", Readings::paused);
  }

  private void gauge(String name, String description, ToDoubleFunction<Readings> reading) {
    gauges.add(Gauge.builder(PREFIX + name, readings, reading)
        .description(description)
        .tags(tags)
        .register(registry));
  }

  private void time(String name, String description, ToDoubleFunction<Readings> reading) {
    gauges.add(TimeGauge.builder(PREFIX + name, readings, TimeUnit.SECONDS, reading)
        .description(description)
        .tags(tags)
        .register(registry));
  }

  void attempt(Attempt attempt, Tags more) {
    attempts
        .withTags(more.and(
            "outcome",
            attempt.result().outcome().id(),
            "method",
            attempt.method().id()))
        .record(attempt.duration());
  }

  void finished(DeliveryState state) {
    finished.withTag("state", state.name().toLowerCase(Locale.ROOT)).increment();
  }

  void paused(PauseCause cause) {
    pauses.withTag("cause", cause.id()).increment();
  }

  void recovered() {
    recoveries.increment();
  }

  void removeGauges() {
    gauges.forEach(registry::remove);
  }
}
