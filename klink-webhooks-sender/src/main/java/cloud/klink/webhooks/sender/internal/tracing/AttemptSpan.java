package cloud.klink.webhooks.sender.internal.tracing;

import cloud.klink.webhooks.sender.delivery.Attempt;
import java.util.Optional;

/** The span of one attempt, from {@link SenderTracer#start}. */
public interface AttemptSpan {
  /**
   * The span for the header {@code traceparent} of an HTTP request; a WebSocket message has no
   * headers. Called once, before the request is sent.
   *
   * @return the span, or empty if the header is not sent
   */
  Optional<TraceParent> propagated();

  /**
   * Ends the span. Called once, when the attempt has ended, by any thread.
   *
   * @param attempt the attempt, without secrets
   */
  void end(Attempt attempt);
}
