package cloud.klink.webhooks.sender.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * One attempt at a delivery, as it is recorded.
 *
 * @param number 1 for the first
 * @param startedAt when it began
 * @param duration how long the whole exchange took, from looking up the name to the last byte read
 * @param target where it went
 * @param result what came of it
 */
public record Attempt(
    int number, Instant startedAt, Duration duration, AttemptTarget target, AttemptResult result) {
  /**
   * Checks the parts.
   *
   * @param number 1 for the first
   * @param startedAt when it began
   * @param duration how long it took
   * @param target where it went
   * @param result what came of it
   * @throws IllegalArgumentException if the number is below 1 or the duration negative
   */
  public Attempt {
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(result, "result");
    if (number < 1) {
      throw new IllegalArgumentException("number: attempts are counted from 1, not " + number);
    }
    if (duration.isNegative()) {
      throw new IllegalArgumentException("duration: it must not be negative: " + duration);
    }
  }

  /**
   * When it ended; a failure counts from here.
   *
   * @return start and duration together
   */
  public Instant endedAt() {
    return startedAt.plus(duration);
  }
}
