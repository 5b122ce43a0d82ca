package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.internal.tracing.AttemptSpan;
import cloud.klink.webhooks.sender.internal.tracing.SenderTracer;
import cloud.klink.webhooks.sender.internal.tracing.TraceParent;
import cloud.klink.webhooks.sender.internal.tracing.TracedAttempt;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import java.util.Optional;

/** Makes an observation of each attempt; {@link AttemptSpanHandler} gives it a span. */
final class ObservationTracer implements SenderTracer {
  static final String NAME = "klink.webhooks.attempt";

  private final ObservationRegistry registry;
  private final Tracer tracer;
  private final TraceParentRecipients recipients;

  ObservationTracer(ObservationRegistry registry, Tracer tracer, TraceParentRecipients recipients) {
    this.registry = registry;
    this.tracer = tracer;
    this.recipients = recipients;
  }

  @Override
  public Optional<TraceParent> current() {
    return Optional.ofNullable(tracer.currentSpan())
        .flatMap(span -> AttemptSpanHandler.traceParent(span.context()));
  }

  @Override
  public AttemptSpan start(TracedAttempt attempt) {
    AttemptObservationContext context = new AttemptObservationContext(attempt);
    Observation observation = Observation.createNotStarted(NAME, () -> context, registry)
        .contextualName("send webhook")
        .lowCardinalityKeyValue("method", attempt.webhook().method().id())
        .highCardinalityKeyValue("webhook.id", attempt.webhook().id())
        .highCardinalityKeyValue("delivery.id", attempt.deliveryId())
        .highCardinalityKeyValue("attempt", Integer.toString(attempt.number()))
        .highCardinalityKeyValue("event.id", attempt.eventId())
        .highCardinalityKeyValue("event.name", attempt.eventName().value())
        .start();
    return new ObservedAttempt(observation, propagated(attempt, context));
  }

  private Optional<TraceParent> propagated(
      TracedAttempt attempt, AttemptObservationContext context) {
    TracingContext tracing = context.get(TracingContext.class);
    Span span = tracing == null ? null : tracing.getSpan();
    return span != null && recipients.includes(attempt.webhook())
        ? AttemptSpanHandler.traceParent(span.context())
        : Optional.empty();
  }

  private record ObservedAttempt(Observation observation, Optional<TraceParent> propagated)
      implements AttemptSpan {
    @Override
    public void end(Attempt attempt) {
      AttemptResult result = attempt.result();
      observation.lowCardinalityKeyValue("outcome", result.outcome().id());
      result
          .status()
          .ifPresent(status ->
              observation.highCardinalityKeyValue("http.status", Integer.toString(status)));
      if (result.outcome() != AttemptOutcome.SUCCEEDED) {
        observation.error(new AttemptFailedException(result.outcome()));
      }
      observation.stop();
    }
  }

  /** Marks the observation as failed; the endpoint's answer is only in the delivery log. */
  private static final class AttemptFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AttemptFailedException(AttemptOutcome outcome) {
      super("the attempt failed: " + outcome.id(), null, false, false);
    }
  }
}
