package cloud.klink.webhooks.sender.internal.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What came of a node's own calls to its storage. Long looks at it, as to search or to count, are
 * left out.
 *
 * @param lastClaim when a claim was last completed, by the node's clock; empty if none was yet
 * @param lastWrite when something was last written; empty if nothing was yet
 * @param waitingSince since when the oldest call has been waiting that has not returned; empty if
 *     none is waiting
 */
public record StorageActivity(
    Optional<Instant> lastClaim, Optional<Instant> lastWrite, Optional<Instant> waitingSince) {
  /** Nothing was asked yet. */
  public static final StorageActivity NONE =
      new StorageActivity(Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * A storage is taken to be down when a call has been waiting for so long, or when all claims or
   * all writes have failed for so long: 5 seconds.
   */
  public static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Failures are forgotten when nothing was asked for so long after the last: 30 seconds. */
  public static final Duration MEMORY = Duration.ofSeconds(30);

  /**
   * Checks that nothing is missing.
   *
   * @param lastClaim when a claim was last completed
   * @param lastWrite when something was last written
   * @param waitingSince since when the oldest call has been waiting
   */
  public StorageActivity {
    Objects.requireNonNull(lastClaim, "lastClaim");
    Objects.requireNonNull(lastWrite, "lastWrite");
    Objects.requireNonNull(waitingSince, "waitingSince");
  }
}
