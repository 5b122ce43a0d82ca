package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.sender.internal.tracing.TraceParent;
import io.micrometer.observation.Observation;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import java.util.Optional;
import org.springframework.core.Ordered;

/**
 * Gives each attempt a span that begins a trace of its own, with a link to the publisher's span. It
 * has precedence over Spring Boot's handlers, which would make the thread's current span the
 * parent.
 */
final class AttemptSpanHandler
    implements TracingObservationHandler<AttemptObservationContext>, Ordered {
  private final Tracer tracer;

  AttemptSpanHandler(Tracer tracer) {
    this.tracer = tracer;
  }

  /** The span as a W3C {@code traceparent}; empty for a no-op tracer. */
  static Optional<TraceParent> traceParent(TraceContext context) {
    return TraceParent.of(
        context.traceId(), context.spanId(), Boolean.TRUE.equals(context.sampled()));
  }

  @Override
  public boolean supportsContext(Observation.Context context) {
    return context instanceof AttemptObservationContext;
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public void onStart(AttemptObservationContext context) {
    Span.Builder span =
        tracer.spanBuilder().setNoParent().kind(Span.Kind.CLIENT).name(getSpanName(context));
    context.attempt().publisher().ifPresent(parent -> span.addLink(new Link(context(parent))));
    getTracingContext(context).setSpan(span.start());
  }

  private TraceContext context(TraceParent parent) {
    return tracer
        .traceContextBuilder()
        .traceId(parent.traceId())
        .spanId(parent.spanId())
        .sampled(parent.isSampled())
        .build();
  }

  @Override
  public void onStop(AttemptObservationContext context) {
    Span span = getRequiredSpan(context);
    tagSpan(context, span);
    endSpan(context, span);
  }

  @Override
  public Tracer getTracer() {
    return tracer;
  }
}
