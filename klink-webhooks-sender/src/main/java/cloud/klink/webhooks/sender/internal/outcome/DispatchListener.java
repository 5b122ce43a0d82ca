package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.webhook.Pause;

/**
 * What a dispatcher tells of its work, by the threads that do it and after it was written: so none
 * of this may block.
 */
public interface DispatchListener extends SenderListener {
  /**
   * A webhook was paused by its failures.
   *
   * @param webhookId the webhook
   * @param pause why and when
   * @param watch how its failures were looked at
   */
  void onPaused(String webhookId, Pause pause, FailureWatch watch);
}
