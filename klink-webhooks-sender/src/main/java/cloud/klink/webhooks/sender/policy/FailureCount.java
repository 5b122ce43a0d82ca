package cloud.klink.webhooks.sender.policy;

import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A pause policy that counts failures. */
record FailureCount(int borne, Duration window) implements PausePolicy {
  private static final int MAX_BORNE = 10_000;
  private static final Duration MIN_WINDOW = Duration.ofSeconds(1);
  private static final Duration MAX_WINDOW = Duration.ofDays(30);

  FailureCount {
    if (borne < 0 || borne > MAX_BORNE) {
      throw new IllegalArgumentException(
          "pause: the number of failures must be from 0 to " + MAX_BORNE + ", not " + borne);
    }
    if (window.compareTo(MIN_WINDOW) < 0 || window.compareTo(MAX_WINDOW) > 0) {
      throw new IllegalArgumentException(
          "pause: the window must be from 1 second to 30 days, not " + window);
    }
  }

  @Override
  public int sample() {
    return borne + 1;
  }

  @Override
  public Optional<Pause> decide(List<Failure> failures, Instant now) {
    Instant start = now.minus(window);
    long counted =
        failures.stream().filter(failure -> failure.endedAt().isAfter(start)).count();
    return counted > borne
        ? Optional.of(
            Pause.byFailures("more than " + borne + " failed attempts within " + window, now))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "at more than " + borne + " failed attempts within " + Times.text(window);
  }
}
