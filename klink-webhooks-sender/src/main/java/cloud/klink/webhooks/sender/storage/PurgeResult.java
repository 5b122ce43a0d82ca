package cloud.klink.webhooks.sender.storage;

import java.util.Objects;
import java.util.Optional;

/**
 * What was removed from the log.
 *
 * @param deliveries how many deliveries, with their attempts
 * @param events how many events
 * @param next where a storage goes on; empty if all that was old is removed
 */
public record PurgeResult(long deliveries, long events, Optional<Purge> next) {
  /**
   * Checks that nothing is missing.
   *
   * @param deliveries how many deliveries
   * @param events how many events
   * @param next how to go on
   */
  public PurgeResult {
    Objects.requireNonNull(next, "next");
  }

  /**
   * Whether that was all that was old.
   *
   * @return false if there is more, as when the sender was stopped meanwhile
   */
  public boolean isDone() {
    return next.isEmpty();
  }
}
