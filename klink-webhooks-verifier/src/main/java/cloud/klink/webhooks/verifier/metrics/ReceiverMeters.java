package cloud.klink.webhooks.verifier.metrics;

import cloud.klink.webhooks.verifier.receive.RefusedRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;

/** The meters of a receiver in one registry. */
final class ReceiverMeters {
  private static final String PREFIX = "klink.webhooks.receiver.";

  private final MeterProvider<Counter> accepted;
  private final MeterProvider<Counter> refused;
  private final Counter duplicates;
  private final MeterProvider<Timer> verification;
  private final MeterProvider<Timer> handlers;

  ReceiverMeters(MeterRegistry registry, Tags tags, Supplier<Number> outstanding) {
    this.accepted = Counter.builder(PREFIX + "accepted")
        .description("Webhooks that were answered with success")
        .tags(tags)
        .withRegistry(registry);
    this.refused = Counter.builder(PREFIX + "refused")
        .description("Requests that were refused")
        .tags(tags)
        .withRegistry(registry);
    this.duplicates = Counter.builder(PREFIX + "duplicates")
        .description("Repetitions of processed webhooks")
        .tags(tags)
        .register(registry);
    this.verification = Timer.builder(PREFIX + "verification")
        .description("Time to verify, without waiting for the body")
        .tags(tags)
        .withRegistry(registry);
    this.handlers = Timer.builder(PREFIX + "handlers")
        .description("Time in handlers")
        .tags(tags)
        .withRegistry(registry);
    Gauge.builder(PREFIX + "outstanding", outstanding)
        .description("Acknowledged events that are not finished")
        .tags(tags)
        .register(registry);
  }

  void verified(Duration time) {
    verification.withTag("outcome", "authentic").record(time);
  }

  void accepted(String outcome) {
    accepted.withTag("outcome", outcome).increment();
  }

  void duplicate() {
    duplicates.increment();
  }

  void refused(RefusedRequest request) {
    request
        .verificationTime()
        .ifPresent(time -> verification.withTag("outcome", "refused").record(time));
    refused.withTag("reason", request.reason().code()).increment();
  }

  void handled(String outcome, Duration time) {
    handlers.withTag("outcome", outcome).record(time);
  }
}
