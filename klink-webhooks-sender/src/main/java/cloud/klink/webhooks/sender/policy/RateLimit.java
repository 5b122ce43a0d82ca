package cloud.klink.webhooks.sender.policy;

import java.time.Duration;

/**
 * How many attempts one node begins for one webhook within a time: a bucket of tokens, full at
 * first, that is refilled evenly: so at most twice as many within one such time, if it was full.
 * What has no token waits; no attempt and no retry is used up by that. Of a limit that was changed,
 * the node on which the webhook was edited knows at once, the others with the next delivery or
 * within half a minute; a change brings no tokens.
 *
 * @param attempts how many tokens the bucket holds
 * @param per in which time an empty bucket gets full
 */
public record RateLimit(int attempts, Duration per) {
  /** The largest {@link #attempts}. */
  public static final int MAX_ATTEMPTS = 1_000_000;

  /**
   * Checks the ranges.
   *
   * @param attempts 1 to {@value #MAX_ATTEMPTS}
   * @param per 1 millisecond to 1 day
   * @throws IllegalArgumentException if a value is out of its range
   */
  public RateLimit {
    if (attempts < 1 || attempts > MAX_ATTEMPTS) {
      throw new IllegalArgumentException(
          "rate: attempts must be from 1 to " + MAX_ATTEMPTS + ", not " + attempts);
    }
    if (per.compareTo(Duration.ofMillis(1)) < 0 || per.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "rate: the time must be from 1 millisecond to 1 day, not " + per);
    }
  }

  /** As {@code 100 in 1m}. */
  @Override
  public String toString() {
    return attempts + " in " + Times.text(per);
  }
}
