package cloud.klink.webhooks.sender.storage;

import java.util.Objects;
import java.util.Optional;

/**
 * What a purge removed.
 *
 * @param deliveries how many deliveries
 * @param events how many events
 * @param next how to go on; empty if nothing more is to be removed
 */
public record Purged(int deliveries, int events, Optional<Purge> next) {
  /**
   * Checks that nothing is missing.
   *
   * @param deliveries how many deliveries
   * @param events how many events
   * @param next how to go on
   */
  public Purged {
    Objects.requireNonNull(next, "next");
  }
}
