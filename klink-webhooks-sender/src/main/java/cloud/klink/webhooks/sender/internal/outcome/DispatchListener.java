package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.webhook.Pause;

/**
 * Receives what a dispatcher does, in the threads that do it and after it was written. None of the
 * methods may block.
 */
public interface DispatchListener extends SenderListener {
  /**
   * A webhook was paused by its failures.
   *
   * @param webhookId the webhook
   * @param pause why and when
   * @param watch by which failures it was decided
   */
  void onPaused(String webhookId, Pause pause, FailureWatch watch);
}
