package cloud.klink.webhooks.verifier.receive;

import cloud.klink.webhooks.verifier.VerifiedWebhook;
import java.time.Duration;

/**
 * Is told what a {@link WebhookReceiver} or a
 * {@link cloud.klink.webhooks.verifier.servlet.WebhookFilter} does. For each request exactly one of
 * {@link #onAccepted}, {@link #onDuplicate} and {@link #onRefused} is called, when it is known what
 * to answer and before it is answered. What a filter lets through is answered by what is behind it,
 * and told of after that.
 *
 * <p>It is called by the thread that does the work, by many at once, so let it be quick. What it
 * throws is logged and has no other effect.
 */
public interface WebhookReceiverListener {
  /**
   * The receiver was built, and has not received anything yet. A filter does not call this.
   *
   * @param receiver the receiver
   */
  default void onBuilt(WebhookReceiver receiver) {}

  /**
   * A request was found to be authentic. Another method reports its outcome afterwards.
   *
   * @param webhook what was authenticated
   * @param time how long verifying took, without waiting for the body
   */
  default void onVerified(VerifiedWebhook webhook, Duration time) {}

  /**
   * A webhook was processed, acknowledged before it is processed, or left alone because nothing
   * handles its event; {@link ReceiverResponse#code} tells which.
   *
   * @param webhook what was authenticated
   * @param response what will be answered, a success; of what a filter let through, it tells that
   *     it was processed, and not with which status of 2xx
   */
  default void onAccepted(VerifiedWebhook webhook, ReceiverResponse response) {}

  /**
   * A webhook came again after its event was processed, and was not handled.
   *
   * @param webhook what was authenticated
   */
  default void onDuplicate(VerifiedWebhook webhook) {}

  /**
   * A request was refused, before or after it was found authentic. Anybody can send such requests.
   *
   * @param refused the request and the reason
   */
  default void onRefused(RefusedRequest refused) {}

  /**
   * A handler returned, within the request or after the acknowledgement. Of a filter: what is
   * behind it returned, or ended its asynchronous processing, with whatever status.
   *
   * @param webhook what was authenticated
   * @param time how long the handler took
   */
  default void onHandled(VerifiedWebhook webhook, Duration time) {}

  /**
   * A handler threw, within the request or after the acknowledgement. Of a filter: what is behind
   * it threw, or its asynchronous processing ended with an error.
   *
   * @param webhook what was authenticated
   * @param time how long the handler took
   * @param failure what the handler threw
   */
  default void onHandlerFailed(VerifiedWebhook webhook, Duration time, Throwable failure) {}
}
