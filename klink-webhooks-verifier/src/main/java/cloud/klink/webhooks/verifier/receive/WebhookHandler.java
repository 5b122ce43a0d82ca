package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.VerifiedWebhook;

/** Does what is to be done when an event happened. */
@FunctionalInterface
public interface WebhookHandler {
  /**
   * Handles a webhook. It is called by many threads at once, and for a sender that repeats, more
   * than once for one event unless the receiver de-duplicates; even then a crash, or a handler that
   * outlasts its lease, can make it be called again. So let what it does be idempotent.
   *
   * <p>Returning means that the event is done with. Throwing anything means that it is not: in the
   * request the sender is told so and repeats; after an acknowledgement the receiver's
   * {@link FailureHandler} is called.
   *
   * @param webhook what was authenticated
   */
  void handle(VerifiedWebhook webhook);
}
