package cloud.klink.webhooks.sender;

import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What came of sending an event once. Immutable.
 *
 * @param status the HTTP status, or empty if there was no answer in time
 * @param duration how long the whole exchange took
 * @param response the beginning of the answer's body, of at most
 *     {@value WebhookSender#MAX_RESPONSE_BYTES} bytes; hostile, so think before you show it
 * @param error what went wrong, for people; empty if the status says it all
 */
public record Attempt(OptionalInt status, Duration duration, String response, String error) {
  /**
   * Checks that nothing is missing.
   *
   * @param status the HTTP status, or empty
   * @param duration how long it took
   * @param response the beginning of the answer's body
   * @param error what went wrong
   */
  public Attempt {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(duration, "duration");
    Objects.requireNonNull(response, "response");
    Objects.requireNonNull(error, "error");
  }

  /**
   * Whether the endpoint acknowledged the event.
   *
   * @return true for a status of 2xx and nothing else
   */
  public boolean isSuccess() {
    return status.isPresent() && status.getAsInt() / 100 == 2;
  }
}
