package cloud.klink.webhooks.sender.storage;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What waits in a storage.
 *
 * @param waiting how many deliveries of active webhooks wait, those being sent and those that wait
 *     for a retry included
 * @param held how many deliveries of paused webhooks wait
 * @param oldestDue since when the delivery of an active webhook has been due that was due first;
 *     empty if none is due. One that is leased counts when its lease has ended, from when it was
 *     due first
 * @param paused how many webhooks are paused
 */
public record Backlog(long waiting, long held, Optional<Instant> oldestDue, int paused) {
  /**
   * Checks that nothing is missing.
   *
   * @param waiting how many deliveries of active webhooks wait
   * @param held how many deliveries of paused webhooks wait
   * @param oldestDue since when the oldest has been due
   * @param paused how many webhooks are paused
   */
  public Backlog {
    Objects.requireNonNull(oldestDue, "oldestDue");
  }
}
