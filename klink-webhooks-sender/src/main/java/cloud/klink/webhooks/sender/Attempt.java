package cloud.klink.webhooks.sender;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What came of sending an event once. Immutable.
 *
 * @param status the HTTP status, or empty if there was no answer in time
 * @param duration how long the whole exchange took
 * @param error what went wrong, for people; empty if the status says it all
 */
public record Attempt(OptionalInt status, Duration duration, String error) {
  /**
   * Whether the endpoint acknowledged the event.
   *
   * @return true for a status of 2xx and nothing else
   */
  public boolean isSuccess() {
    return status.isPresent() && status.getAsInt() / 100 == 2;
  }
}
