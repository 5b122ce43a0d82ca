package cloud.klink.webhooks.sender.listener;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.health.Health;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Receives events of the sender, on the node where they happen, after they were written to the
 * storage.
 *
 * <p>A listener is called by one thread at a time, in the order in which the node learned of the
 * events; those of one delivery come in the order in which they happened. Nothing else waits for
 * that thread: a listener that blocks delays only itself. Events that it has not received yet wait
 * in memory, up to 10,000 events or 16 million characters of answers. Further events are dropped,
 * and counted in the log and in the sender's health. An exception of a listener is logged, once for
 * each class of exception, and has no other effect.
 *
 * <p>No event is delivered twice, but events may be missed. A crash loses those that wait in memory
 * and those that were written but not delivered yet. If the storage fails while an outcome or a
 * change is written, it may be written without an event. A stop waits for listeners for a second
 * and calls them no more after that. What must not be missed is in the storage.
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
   * An attempt failed and will be retried.
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
   * @param since when it was noticed
   */
  default void onOutage(Instant since) {}

  /**
   * An endpoint has answered: this node sends all deliveries again.
   *
   * @param since when the outage was noticed
   */
  default void onOutageOver(Instant since) {}
}
