package cloud.klink.webhooks.verifier.servlet;

import cloud.klink.webhooks.verifier.IncomingRequest;
import cloud.klink.webhooks.verifier.RefusalReason;
import cloud.klink.webhooks.verifier.VerifiedWebhook;
import cloud.klink.webhooks.verifier.WebhookRefusedException;
import cloud.klink.webhooks.verifier.internal.Listeners;
import cloud.klink.webhooks.verifier.internal.RefusalLog;
import cloud.klink.webhooks.verifier.internal.SafeLog;
import cloud.klink.webhooks.verifier.receive.ReceiverResponse;
import cloud.klink.webhooks.verifier.receive.RefusedRequest;
import cloud.klink.webhooks.verifier.receive.WebhookReceiverListener;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the log and the listeners what becomes of the requests of one filter. */
final class FilterOutcomes {
  private static final SafeLog LOG = SafeLog.of(WebhookFilter.class);

  private final RefusalLog refusals = new RefusalLog(LOG, Clock.systemUTC());
  private final Listeners<WebhookReceiverListener> listeners;

  FilterOutcomes(List<WebhookReceiverListener> listeners) {
    this.listeners = new Listeners<>(listeners, LOG, Clock.systemUTC());
  }

  void verified(VerifiedWebhook webhook, Duration time) {
    listeners.tell(listener -> listener.onVerified(webhook, time));
  }

  /** A request that is not authentic. */
  void notVerified(
      WebhookRefusedException refusal, IncomingRequest head, byte[] body, Duration time) {
    refusals.write(refusal.reason().code(), refusal.getMessage());
    listeners.tell(listener -> listener.onRefused(RefusedRequest.unauthentic(
        refusal.reason(), refusal.getMessage(), head.withBody(body), time)));
  }

  /** An authentic request whose event is not let through. */
  void notClaimed(WebhookRefusedException refusal, VerifiedWebhook webhook) {
    if (refusal.reason() == RefusalReason.DUPLICATE) {
      LOG.debug("A webhook is a repetition; it has been processed before");
      listeners.tell(listener -> listener.onDuplicate(webhook));
    } else {
      refusals.write(refusal.reason().code(), refusal.getMessage());
      tellRefused(refusal.reason(), refusal.getMessage());
    }
  }

  void failed(Throwable failure) {
    LOG.error("The filter of webhooks failed", failure);
    tellRefused(RefusalReason.RECEIVER_FAILED, RefusalReason.RECEIVER_FAILED.description());
  }

  /** What is behind the filter is done with a webhook, and has thrown or answered something. */
  void handled(VerifiedWebhook webhook, Duration time, @Nullable Throwable failure, int status) {
    listeners.tell(listener -> {
      if (failure == null) {
        listener.onHandled(webhook, time);
      } else {
        listener.onHandlerFailed(webhook, time, failure);
      }
    });
    if (failure == null && status / 100 == 2) {
      listeners.tell(listener -> listener.onAccepted(webhook, ReceiverResponse.processed()));
    } else {
      tellRefused(RefusalReason.HANDLER_FAILED, RefusalReason.HANDLER_FAILED.description());
    }
  }

  private void tellRefused(RefusalReason reason, String detail) {
    listeners.tell(listener -> listener.onRefused(RefusedRequest.authentic(reason, detail)));
  }
}
