package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.deduplication.ProcessingClaim;
import cloud.klink.webhooks.verifier.internal.Listeners;
import java.sql.SQLException;
import java.time.Duration;

/** A handler, and the listeners of its calls. */
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
      Duration time = since(begin);
      listeners.notifyEach(listener -> listener.onHandlerFailed(webhook, time, failure));
      throw failure;
    }
    Duration time = since(begin);
    listeners.notifyEach(listener -> listener.onHandled(webhook, time));
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin);
  }
}
