package cloud.klink.webhooks.sender.internal.tracing;

import cloud.klink.webhooks.sender.delivery.Attempt;
import java.util.Optional;

/** The span of one attempt, from {@link SenderTracer#start}. */
public interface AttemptSpan {
  /**
   * What the endpoint is told of the span, in the header {@code traceparent} of an HTTP request. A
   * message on a WebSocket carries no headers. Asked once, before the request is sent.
   *
   * @return the span, or empty to tell nothing
   */
  Optional<TraceParent> propagated();

  /**
   * The attempt has ended. Called once, by any thread.
   *
   * @param attempt the attempt, without secrets
   */
  void end(Attempt attempt);
}
