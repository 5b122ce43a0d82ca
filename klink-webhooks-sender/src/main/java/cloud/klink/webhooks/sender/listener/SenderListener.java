package cloud.klink.webhooks.sender.listener;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.health.Health;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Is told what the sender does, on the node that does it, after it was written to the storage.
 *
 * <p>Calls of one listener come one after the other, never two at a time, in the order in which the
 * node learned of what they tell: what is told of one delivery is in the order in which it
 * happened. They come from a thread that nothing else waits for: a listener that blocks holds up
 * itself, not even other listeners. What it has not taken yet waits in memory, up to 10,000 events
 * or 16 million characters of what endpoints answered; what is beyond is dropped, and counted in
 * the log and in the sender's health. Whatever a listener throws is logged, once for each class of
 * exception, and harms nothing.
 *
 * <p>Nothing is told twice. What is told may be missed: a crash loses what waits in memory, and
 * what was written but not told yet; an outcome or a change during whose writing the storage failed
 * may be written and is then not told; a stop waits for a second for listeners, and tells nothing
 * after that. What must not be missed is in the storage.
 */
public interface SenderListener {
  /** How many failures {@link #onPaused} is told at most. */
  int MAX_FAILURES = 100;

  /**
   * The listener is part of a sender that was just built. Called once for each such sender, by the
   * thread that builds it, before anything else is told; what it throws ends the building.
   *
   * @param health tells how the sender is doing, as {@code WebhookSender.health()} does
   */
  default void onBuilt(Supplier<Health> health) {}

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
   * @param webhookId the webhook
   * @param pause why and when
   * @param failures the newest failed attempts that led to it, of all nodes, newest first, at most
   *     {@value #MAX_FAILURES} and no more than the policy wanted to see; those that answered 410
   *     if that was the cause. Read after the pause was written: none if somebody asked for it, or
   *     they could not be read
   */
  default void onPaused(String webhookId, Pause pause, List<Attempt> failures) {}

  /**
   * Somebody resumed a webhook on this node.
   *
   * @param webhookId the webhook
   */
  default void onResumed(String webhookId) {}

  /**
   * A webhook acknowledged a delivery after attempts of this node's at it had failed.
   *
   * @param webhookId the webhook
   * @param failures how many attempts failed in a row before, as far as this node made them
   * @param failingSince when the first of them ended
   */
  default void onRecovered(String webhookId, long failures, Instant failingSince) {}

  /**
   * This node seems to be cut off: attempts to many hosts failed before any connection stood. Until
   * {@link #onOutageOver}, webhooks that fail wait and are probed, and their failures do not count.
   *
   * @param since when
   */
  default void onOutage(Instant since) {}

  /**
   * An endpoint has answered: this node sends everything again.
   *
   * @param since when the outage was noticed
   */
  default void onOutageOver(Instant since) {}
}
