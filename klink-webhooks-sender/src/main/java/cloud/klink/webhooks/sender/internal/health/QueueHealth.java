package cloud.klink.webhooks.sender.internal.health;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What waited in a storage when it was counted last: of all nodes together.
 *
 * @param countedAt when that was, by the node's clock
 * @param waiting how many deliveries of active webhooks waited, those being sent included
 * @param held how many deliveries of paused webhooks waited
 * @param oldestDue since when the delivery of an active webhook had been due that was due first;
 *     empty if none was due
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
   * @param oldestDue since when the oldest had been due
   * @param pausedWebhooks how many webhooks were paused
   */
  public QueueHealth {
    Objects.requireNonNull(countedAt, "countedAt");
    Objects.requireNonNull(oldestDue, "oldestDue");
  }
}
