package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.webhook.Pause;

/**
 * Receives the events of a dispatcher, in the dispatcher's threads, after they were written. Its
 * methods must not block.
 */
public interface DispatchListener extends SenderListener {
  /**
   * A webhook was paused by its failures.
   *
   * @param webhookId the webhook
   * @param pause why and when
   * @param watch the failures by which it was decided
   */
  void onPaused(String webhookId, Pause pause, FailureWatch watch);
}
