package cloud.klink.webhooks.sender.internal.tracing;

import cloud.klink.webhooks.sender.listener.SenderListener;
import java.util.Optional;

/**
 * Traces publishing and attempts. An attempt is made later than the publisher's span, often after
 * its end and perhaps by another node, and several attempts belong to one event: so the span of an
 * attempt is linked to the publisher's, and is no child of it.
 *
 * <p>A sender's builder takes it as a listener, and asks it for spans instead of telling it of
 * events.
 *
 * <p>Safe for use by many threads. It must not block. What it throws is logged, and changes nothing
 * for the delivery.
 */
public interface SenderTracer extends SenderListener {
  /**
   * The span that the calling thread is in; it is kept with what the thread publishes. Nothing else
   * of the trace is kept: neither {@code tracestate} nor {@code baggage}.
   *
   * @return the span, or empty if the thread is in none
   */
  Optional<TraceParent> current();

  /**
   * Begins the span of an attempt, in the thread that makes it.
   *
   * @param attempt the attempt
   * @return its span, which is ended with the attempt
   */
  AttemptSpan start(TracedAttempt attempt);
}
