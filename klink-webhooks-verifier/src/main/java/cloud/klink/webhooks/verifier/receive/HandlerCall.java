package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.internal.Listeners;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** A handler, and those who are told how its calls end. */
record HandlerCall(WebhookHandler handler, Listeners<WebhookReceiverListener> listeners) {

  /** Calls the handler in the way it wants to be called. */
  void run(VerifiedWebhook webhook, ProcessingClaim claim) throws SQLException {
    long begin = System.nanoTime();
    try {
      if (handler instanceof InboxHandler inbox) {
        inbox.handle(webhook, claim);
      } else {
        handler.handle(webhook);
      }
    } catch (Throwable failure) {
      tell(webhook, begin, Optional.of(failure));
      throw failure;
    }
    tell(webhook, begin, Optional.empty());
  }

  private void tell(VerifiedWebhook webhook, long begin, Optional<Throwable> failure) {
    Duration time = Duration.ofNanos(System.nanoTime() - begin);
    listeners.tell(listener -> listener.onHandled(new HandledWebhook(webhook, time, failure)));
  }
}
