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

/** Logs the outcomes of one filter's requests and notifies its listeners. */
final class FilterOutcomes {
  private static final SafeLog LOG = SafeLog.of(WebhookFilter.class);

  private final RefusalLog refusals = new RefusalLog(LOG, Clock.systemUTC());
  private final Listeners<WebhookReceiverListener> listeners;

  FilterOutcomes(List<WebhookReceiverListener> listeners) {
    this.listeners = new Listeners<>(listeners, LOG, Clock.systemUTC());
  }

  void verified(VerifiedWebhook webhook, Duration time) {
    listeners.notifyEach(listener -> listener.onVerified(webhook, time));
  }

  /** A request was refused before it was authenticated. */
  void notVerified(
      WebhookRefusedException refusal, IncomingRequest head, byte[] body, Duration time) {
    refusals.write(refusal.reason().code(), refusal.getMessage());
    listeners.notifyEach(listener -> listener.onRefused(RefusedRequest.unauthentic(
        refusal.reason(), refusal.getMessage(), head.withBody(body), time)));
  }

  /** An authentic request was refused because its event could not be claimed. */
  void notClaimed(WebhookRefusedException refusal, VerifiedWebhook webhook) {
    if (refusal.reason() == RefusalReason.DUPLICATE) {
      LOG.debug("Answered a repetition of a webhook that has been processed");
      listeners.notifyEach(listener -> listener.onDuplicate(webhook));
    } else {
      refusals.write(refusal.reason().code(), refusal.getMessage());
      notifyRefused(refusal.reason(), refusal.getMessage());
    }
  }

  void failed(Throwable failure) {
    LOG.error("The webhook filter failed; the request is answered with 500", failure);
    notifyRefused(RefusalReason.RECEIVER_FAILED, RefusalReason.RECEIVER_FAILED.description());
  }

  /** The rest of the chain has finished: it threw, or it set a status. */
  void handled(VerifiedWebhook webhook, Duration time, @Nullable Throwable failure, int status) {
    listeners.notifyEach(listener -> {
      if (failure == null) {
        listener.onHandled(webhook, time);
      } else {
        listener.onHandlerFailed(webhook, time, failure);
      }
    });
    if (failure == null && status / 100 == 2) {
      listeners.notifyEach(listener -> listener.onAccepted(webhook, ReceiverResponse.processed()));
    } else {
      notifyRefused(RefusalReason.HANDLER_FAILED, RefusalReason.HANDLER_FAILED.description());
    }
  }

  private void notifyRefused(RefusalReason reason, String detail) {
    listeners.notifyEach(listener -> listener.onRefused(RefusedRequest.authentic(reason, detail)));
  }
}
