package cloud.klink.webhooks.sender.internal.tasks;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.internal.tracing.AttemptSpan;
import cloud.klink.webhooks.sender.internal.tracing.SenderTracer;
import cloud.klink.webhooks.sender.internal.tracing.TraceParent;
import cloud.klink.webhooks.sender.internal.tracing.TracedAttempt;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The user's tracer, or none. Never throws: the tracer's exceptions are logged. */
public final class SafeTracer implements SenderTracer {
  private static final AttemptSpan UNTRACED = new AttemptSpan() {
    @Override
    public Optional<TraceParent> propagated() {
      return Optional.empty();
    }

    @Override
    public void end(Attempt attempt) {
      // There is nothing to end.
    }
  };

  private final @Nullable SenderTracer tracer;
  private final ThrottledErrorLog errors;

  /** A tracer that delegates, or traces nothing if there is no tracer. */
  public SafeTracer(@Nullable SenderTracer tracer, Clock clock) {
    this.tracer = tracer;
    this.errors =
        new ThrottledErrorLog("The tracer failed; a span is missing or incomplete", clock);
  }

  @Override
  public Optional<TraceParent> current() {
    if (tracer == null) {
      return Optional.empty();
    }
    try {
      return Objects.requireNonNull(tracer.current(), "the tracer returned null");
    } catch (Throwable e) {
      errors.log(e);
      return Optional.empty();
    }
  }

  @Override
  public AttemptSpan start(TracedAttempt attempt) {
    if (tracer == null) {
      return UNTRACED;
    }
    try {
      return new SafeSpan(
          Objects.requireNonNull(tracer.start(attempt), "the tracer returned null"));
    } catch (Throwable e) {
      errors.log(e);
      return UNTRACED;
    }
  }

  private final class SafeSpan implements AttemptSpan {
    private final AttemptSpan span;

    SafeSpan(AttemptSpan span) {
      this.span = span;
    }

    @Override
    public Optional<TraceParent> propagated() {
      try {
        return Objects.requireNonNull(span.propagated(), "the span returned null");
      } catch (Throwable e) {
        errors.log(e);
        return Optional.empty();
      }
    }

    @Override
    public void end(Attempt attempt) {
      try {
        span.end(attempt);
      } catch (Throwable e) {
        errors.log(e);
      }
    }
  }
}
