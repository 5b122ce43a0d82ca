package cloud.klink.webhooks.sender.internal.health;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The waiting deliveries of all nodes, when the storage was last counted.
 *
 * @param countedAt when it was counted, by the node's clock
 * @param waiting how many deliveries of active webhooks waited, those being sent included
 * @param held how many deliveries of paused webhooks waited
 * @param oldestDue when the oldest due delivery of an active webhook became due; empty if none was
 *     due
 * @param pausedWebhooks how many webhooks were paused
 */
public record QueueHealth(
    Instant countedAt, long waiting, long held, Optional<Instant> oldestDue, int pausedWebhooks) {
  /**
   * Checks that nothing is missing.
   *
   * @param countedAt when it was counted
   * @param waiting how many deliveries of active webhooks waited
   * @param held how many deliveries of paused webhooks waited
   * @param oldestDue when the oldest due delivery became due
   * @param pausedWebhooks how many webhooks were paused
   */
  public QueueHealth {
    Objects.requireNonNull(countedAt, "countedAt");
    Objects.requireNonNull(oldestDue, "oldestDue");
  }
}
