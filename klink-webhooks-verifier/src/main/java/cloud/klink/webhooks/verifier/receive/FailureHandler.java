package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.VerifiedWebhook;

/**
 * Takes what a handler failed to handle after it was acknowledged: the sender will not repeat it,
 * so this is the place to store it for another try.
 */
@FunctionalInterface
public interface FailureHandler {
  /**
   * Takes a webhook. It is called by the thread that the handler failed on, so by many at once, and
   * after the failure was logged. What it throws is logged and has no other effect.
   *
   * @param webhook what was authenticated and acknowledged
   * @param failure what the handler threw
   */
  void failed(VerifiedWebhook webhook, Throwable failure);
}
