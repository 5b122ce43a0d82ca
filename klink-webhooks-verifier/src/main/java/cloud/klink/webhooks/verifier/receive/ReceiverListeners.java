package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.internal.LogLimit;
import cloud.klink.webhooks.verifier.internal.ThreadSignals;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of one receiver, none of which can harm it. */
final class ReceiverListeners {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookReceiver.class);

  private final List<WebhookReceiverListener> listeners;
  private final LogLimit limit;

  ReceiverListeners(List<WebhookReceiverListener> listeners, Clock clock) {
    this.listeners = List.copyOf(listeners);
    this.limit = new LogLimit(clock);
  }

  void tell(Consumer<WebhookReceiverListener> call) {
    for (WebhookReceiverListener listener : listeners) {
      try {
        call.accept(listener);
      } catch (Throwable e) {
        logFailure(listener, e);
        ThreadSignals.passOn(e);
      }
    }
  }

  private void logFailure(WebhookReceiverListener listener, Throwable failure) {
    try {
      OptionalLong left = limit.line(listener.getClass().getName());
      if (left.isPresent()) {
        LOG.warn("The listener {} failed", listener.getClass().getName(), failure);
      }
    } catch (Throwable e) {
      ThreadSignals.passOn(e);
    }
  }
}
