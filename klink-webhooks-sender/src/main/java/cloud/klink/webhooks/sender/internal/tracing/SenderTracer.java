package cloud.klink.webhooks.sender.internal.tracing;

import cloud.klink.webhooks.sender.listener.SenderListener;
import java.util.Optional;

/**
 * Traces publishing and attempts. An attempt is made after the event was published, perhaps by
 * another node, and an event may have several attempts. So the span of an attempt is linked to the
 * publisher's span and is not its child.
 *
 * <p>A sender's builder accepts it as a listener, and asks it for spans instead of passing events
 * to it.
 *
 * <p>Safe for use by many threads. It must not block. Its exceptions are logged and do not affect
 * deliveries.
 */
public interface SenderTracer extends SenderListener {
  /**
   * The current span of the calling thread, which is stored with the events that the thread
   * publishes. Neither {@code tracestate} nor {@code baggage} is stored.
   *
   * @return the span, or empty if the thread has none
   */
  Optional<TraceParent> current();

  /**
   * Begins the span of an attempt, in the thread that makes it.
   *
   * @param attempt the attempt
   * @return its span, which ends with the attempt
   */
  AttemptSpan start(TracedAttempt attempt);
}
