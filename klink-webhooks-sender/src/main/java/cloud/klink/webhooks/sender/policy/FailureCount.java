package cloud.klink.webhooks.sender.policy;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.internal.Ranges;
import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A pause policy that counts failures. */
record FailureCount(int tolerated, Duration window) implements PausePolicy {
  private static final int MAX_TOLERATED = 10_000;
  private static final Duration MIN_WINDOW = Duration.ofSeconds(1);
  private static final Duration MAX_WINDOW = Duration.ofDays(30);

  FailureCount {
    Ranges.check("pausing.failures", tolerated, 0, MAX_TOLERATED);
    Ranges.check("pausing.window", window, MIN_WINDOW, MAX_WINDOW);
  }

  @Override
  public int sample() {
    return tolerated + 1;
  }

  @Override
  public Optional<Pause> decide(List<Failure> failures, Instant now) {
    Instant start = now.minus(window);
    long counted =
        failures.stream().filter(failure -> failure.endedAt().isAfter(start)).count();
    return counted > tolerated
        ? Optional.of(
            Pause.byFailures("more than " + tolerated + " failed attempts within " + window, now))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "at more than " + tolerated + " failed attempts within " + Durations.format(window);
  }
}
