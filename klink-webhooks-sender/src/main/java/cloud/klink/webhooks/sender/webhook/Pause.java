package cloud.klink.webhooks.sender.webhook;

import java.time.Instant;
import java.util.Objects;

/**
 * Why and since when a webhook is paused. Its deliveries are held; none is dropped.
 *
 * @param cause why, for programs
 * @param reason why, for people; at most {@value #MAX_REASON_LENGTH} characters
 * @param since when the pause began
 */
public record Pause(PauseCause cause, String reason, Instant since) {
  /** The longest reason, in characters. */
  public static final int MAX_REASON_LENGTH = 500;

  /**
   * Checks the values.
   *
   * @param cause why, for programs
   * @param reason why, for people
   * @param since when it began
   * @throws IllegalArgumentException if the reason is too long
   */
  public Pause {
    Objects.requireNonNull(cause, "cause");
    Objects.requireNonNull(since, "since");
    if (reason.length() > MAX_REASON_LENGTH) {
      throw new IllegalArgumentException("reason: it must have at most " + MAX_REASON_LENGTH
          + " characters, not " + reason.length());
    }
  }

  /**
   * A pause that is caused by failures.
   *
   * @param reason why, for people; at most {@value #MAX_REASON_LENGTH} characters
   * @param since when the pause begins
   * @return a pause with the cause {@link PauseCause#FAILURES}
   * @throws IllegalArgumentException if the reason is too long
   */
  public static Pause byFailures(String reason, Instant since) {
    return new Pause(PauseCause.FAILURES, reason, since);
  }
}
