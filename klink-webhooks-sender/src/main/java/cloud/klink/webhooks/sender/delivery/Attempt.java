package cloud.klink.webhooks.sender.delivery;

import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * One attempt at a delivery, as it is recorded. Method, URL and header are those at the time of the
 * attempt, since the webhook may have been edited later.
 *
 * @param deliveryId the delivery
 * @param number the attempt's number, from 1
 * @param startedAt when it began
 * @param duration how long the whole exchange took, from looking up the name to the last byte read
 * @param method how it was sent
 * @param url the endpoint, as it was entered
 * @param authenticationHeader the name of the header that authenticated the sender; empty for none
 * @param result its result
 */
public record Attempt(
    String deliveryId,
    int number,
    Instant startedAt,
    Duration duration,
    DeliveryMethod method,
    String url,
    String authenticationHeader,
    AttemptResult result) {
  /**
   * Checks the values.
   *
   * @param deliveryId the delivery
   * @param number the attempt's number, from 1
   * @param startedAt when it began
   * @param duration how long it took
   * @param method how it was sent
   * @param url the endpoint
   * @param authenticationHeader the name of the header, or empty
   * @param result its result
   * @throws IllegalArgumentException if the number is below 1 or the duration negative
   */
  public Attempt {
    Objects.requireNonNull(deliveryId, "deliveryId");
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(authenticationHeader, "authenticationHeader");
    Objects.requireNonNull(result, "result");
    if (number < 1) {
      throw new IllegalArgumentException("number: attempts are counted from 1, not " + number);
    }
    if (duration.isNegative()) {
      throw new IllegalArgumentException("duration: it must not be negative: " + duration);
    }
  }

  /**
   * When it ended. A failure counts from this time.
   *
   * @return start and duration together
   */
  public Instant endedAt() {
    return startedAt.plus(duration);
  }

  /** Tells delivery, number, method and result; not the URL, which may hold a secret. */
  @Override
  public String toString() {
    return "Attempt[" + deliveryId + ", " + number + ", " + startedAt + ", " + duration + ", "
        + method.id() + ", " + result + "]";
  }
}
