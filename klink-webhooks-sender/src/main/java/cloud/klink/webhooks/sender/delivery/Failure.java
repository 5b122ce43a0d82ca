package cloud.klink.webhooks.sender.delivery;

import java.time.Instant;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * A failed attempt, as a pause policy sees it.
 *
 * @param endedAt when it ended
 * @param outcome its outcome
 * @param status the HTTP status, or empty if there was none
 */
public record Failure(Instant endedAt, AttemptOutcome outcome, OptionalInt status) {
  /**
   * Checks that nothing is missing.
   *
   * @param endedAt when it ended
   * @param outcome its outcome
   * @param status the HTTP status, or empty
   */
  public Failure {
    Objects.requireNonNull(endedAt, "endedAt");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(status, "status");
  }

  /**
   * What a pause policy sees of an attempt.
   *
   * @param attempt an attempt that failed
   * @return its end, outcome and status
   */
  public static Failure of(Attempt attempt) {
    return new Failure(
        attempt.endedAt(), attempt.result().outcome(), attempt.result().status());
  }
}
