package cloud.klink.webhooks.sender.listener;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.health.Health;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Receives the events of a sender, on the node where they happen, after they were written to the
 * storage.
 *
 * <p>A listener is called by one thread at a time, in the order in which the node learned of the
 * events; those of one delivery arrive in the order in which they happened. Nothing else waits for
 * that thread: a listener that blocks delays only itself. Events that it has not received yet wait
 * in memory, up to 10,000 events or 16 million characters of answers. Further events are dropped,
 * and counted in the log and in the sender's health. An exception of a listener is logged, once for
 * each class of exception, and has no other effect.
 *
 * <p>No event is delivered twice, but events may be missed. A crash loses those that wait in memory
 * and those that were written but not delivered yet. If the storage fails while an outcome or a
 * change is written, it may be written without an event. A stop waits a second for listeners and
 * does not call them after that. An application that must not miss an event reads the storage.
 */
public interface SenderListener {
  /** The most failures that {@link #onPaused} receives. */
  int MAX_FAILURES = 100;

  /**
   * A sender with this listener was built. Called once for each such sender, by the thread that
   * builds it, before any other method. An exception makes the build fail.
   *
   * @param health returns the sender's health, like {@code WebhookSender.health()}
   */
  default void onBuilt(Supplier<Health> health) {}

  /**
   * An attempt was recorded. {@link #onSuccess}, {@link #onFailure} or {@link #onExhausted} is
   * called next.
   *
   * @param event the attempt
   */
  default void onAttempt(AttemptEvent event) {}

  /**
   * An attempt succeeded: the endpoint acknowledged the delivery.
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
   * A webhook was paused, by failures the last of which this node recorded, or by a call on this
   * node.
   *
   * @param webhookId the webhook
   * @param pause why and when
   * @param failures the newest failed attempts that led to it, of all nodes, newest first, at most
   *     {@value #MAX_FAILURES} and no more than the policy considers; those that were answered with
   *     410 if that was the cause. They are read after the pause was written. Empty if a call
   *     paused the webhook, or if they could not be read
   */
  default void onPaused(String webhookId, Pause pause, List<Attempt> failures) {}

  /**
   * A webhook was resumed by a call on this node.
   *
   * @param webhookId the webhook
   */
  default void onResumed(String webhookId) {}

  /**
   * A webhook acknowledged a delivery after attempts of this node to reach it had failed.
   *
   * @param webhookId the webhook
   * @param failures how many attempts of this node failed in a row before
   * @param failingSince when the first of them ended
   */
  default void onRecovered(String webhookId, long failures, Instant failingSince) {}

  /**
   * This node seems to be cut off from the network: attempts to many hosts failed to connect. Until
   * {@link #onOutageOver}, webhooks that fail wait and are probed, and their failures do not count.
   *
   * @param since when the outage was noticed
   */
  default void onOutage(Instant since) {}

  /**
   * An outage is over because an endpoint has answered. This node sends all deliveries again.
   *
   * @param since when the outage was noticed
   */
  default void onOutageOver(Instant since) {}
}
