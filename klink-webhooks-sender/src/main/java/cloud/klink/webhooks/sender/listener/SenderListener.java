package cloud.klink.webhooks.sender.listener;

import java.time.Instant;

/**
 * Is told what the sender does, on the node that does it, after it was written to the storage.
 *
 * <p>Calls come one after the other, in the order of what they tell of, from one thread of the
 * sender's, which nothing else waits for: a listener that blocks holds up itself. What it has not
 * taken yet waits in memory, up to a number; what is beyond is dropped and counted in the log. A
 * crash loses what waits, and nothing is repeated: what must not be missed is in the storage. What
 * a listener throws is logged and harms nothing.
 */
public interface SenderListener {
  /**
   * An attempt was made and recorded. One of the next three is called after it.
   *
   * @param event the attempt
   */
  default void onAttempt(AttemptEvent event) {}

  /**
   * An attempt was acknowledged.
   *
   * @param event the attempt
   */
  default void onSuccess(AttemptEvent event) {}

  /**
   * An attempt failed, and will be repeated.
   *
   * @param event the attempt
   */
  default void onFailure(AttemptEvent event) {}

  /**
   * The last attempt failed: the delivery has failed for good.
   *
   * @param event the attempt
   */
  default void onExhausted(AttemptEvent event) {}

  /**
   * A webhook was paused, by failures that this node wrote last, or by somebody on this node.
   *
   * @param event the pause
   */
  default void onPaused(PauseEvent event) {}

  /**
   * Somebody resumed a webhook on this node.
   *
   * @param webhookId the webhook
   */
  default void onResumed(String webhookId) {}

  /**
   * A webhook acknowledged a delivery after attempts of this node's at it had failed.
   *
   * @param event the recovery
   */
  default void onRecovered(RecoveryEvent event) {}

  /**
   * This node seems to be cut off: attempts to many hosts failed before any connection stood. Until
   * {@link #onOutageOver}, it sends nothing but probes.
   *
   * @param since when
   */
  default void onOutage(Instant since) {}

  /**
   * A probe got through: this node sends again.
   *
   * @param since when the outage was noticed
   */
  default void onOutageOver(Instant since) {}
}
