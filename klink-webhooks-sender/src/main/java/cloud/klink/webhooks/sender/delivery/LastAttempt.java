package cloud.klink.webhooks.sender.delivery;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * What a list of deliveries tells about the newest attempt at each.
 *
 * @param outcome what came of it
 * @param statusClass how the endpoint answered
 * @param status the HTTP status, or empty if there was none
 * @param preview the beginning of the error, or of the answer if that is all that tells what went
 *     wrong; empty after a success
 */
public record LastAttempt(
    AttemptOutcome outcome, StatusClass statusClass, OptionalInt status, String preview) {
  /** The longest preview, in characters; what is beyond is cut off. */
  public static final int MAX_PREVIEW_LENGTH = 200;

  /**
   * Cuts the preview.
   *
   * @param outcome what came of it
   * @param statusClass how the endpoint answered
   * @param status the HTTP status, or empty
   * @param preview the beginning of what went wrong
   */
  public LastAttempt {
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(statusClass, "statusClass");
    Objects.requireNonNull(status, "status");
    preview = Texts.lines(preview, MAX_PREVIEW_LENGTH);
  }

  /**
   * What to tell about an attempt.
   *
   * @param result what came of it
   * @return the same in short
   */
  public static LastAttempt of(AttemptResult result) {
    String text =
        result.succeeded() ? "" : result.error().isEmpty() ? result.response() : result.error();
    return new LastAttempt(result.outcome(), StatusClass.of(result), result.status(), text);
  }

  /** Tells outcome and status only: the preview may be hostile, or hold a secret. */
  @Override
  public String toString() {
    return "LastAttempt[" + outcome.id() + (status.isPresent() ? ", " + status.getAsInt() : "")
        + "]";
  }
}
