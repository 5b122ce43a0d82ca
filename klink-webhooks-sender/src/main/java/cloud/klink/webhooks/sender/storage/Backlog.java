package cloud.klink.webhooks.sender.storage;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The number of waiting deliveries in a storage.
 *
 * @param waiting how many deliveries of active webhooks wait, including those being sent and those
 *     waiting for a retry
 * @param held how many deliveries of paused webhooks wait
 * @param oldestDue when the longest overdue delivery of an active webhook became due; empty if none
 *     is due. A leased delivery counts once its lease has ended, from when it first became due
 * @param paused how many webhooks are paused
 */
public record Backlog(long waiting, long held, Optional<Instant> oldestDue, int paused) {
  /**
   * Checks that nothing is missing.
   *
   * @param waiting how many deliveries of active webhooks wait
   * @param held how many deliveries of paused webhooks wait
   * @param oldestDue when the longest overdue one became due
   * @param paused how many webhooks are paused
   */
  public Backlog {
    Objects.requireNonNull(oldestDue, "oldestDue");
  }
}
