package cloud.klink.webhooks.sender.internal.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A node's own calls to its storage, without long reads such as searches and counts.
 *
 * @param lastClaim when a claim last completed, by the node's clock; empty if none has
 * @param lastWrite when a write last completed; empty if none has
 * @param waitingSince since when the oldest pending call has been waiting; empty if none is pending
 */
public record StorageActivity(
    Optional<Instant> lastClaim, Optional<Instant> lastWrite, Optional<Instant> waitingSince) {
  /** No calls yet. */
  public static final StorageActivity NONE =
      new StorageActivity(Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * A storage is down when a call has been pending, or all claims or all writes have failed, for
   * this long: 5 seconds.
   */
  public static final Duration DOWN_AFTER = Duration.ofSeconds(5);

  /** Failures are forgotten this long after the last one: 30 seconds. */
  public static final Duration FAILURE_MEMORY = Duration.ofSeconds(30);

  /**
   * Checks that nothing is missing.
   *
   * @param lastClaim when a claim last completed
   * @param lastWrite when a write last completed
   * @param waitingSince since when the oldest pending call has been waiting
   */
  public StorageActivity {
    Objects.requireNonNull(lastClaim, "lastClaim");
    Objects.requireNonNull(lastWrite, "lastWrite");
    Objects.requireNonNull(waitingSince, "waitingSince");
  }
}
