package cloud.klink.webhooks.sender.policy;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.internal.Ranges;
import cloud.klink.webhooks.sender.delivery.Attempt;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A retry policy with a fixed list of delays. */
record FixedDelays(List<Duration> delays) implements RetryPolicy {
  private static final int MAX_RETRIES = 100;

  FixedDelays {
    delays = List.copyOf(delays);
    Ranges.check("retries.number", delays.size(), 0, MAX_RETRIES);
    delays.forEach(delay -> Ranges.check("retries.delay", delay, Duration.ZERO, MAX_DELAY));
  }

  @Override
  public Optional<Duration> delayAfter(Attempt failed, Duration age) {
    int failures = failed.number();
    return failures <= delays.size() ? Optional.of(delays.get(failures - 1)) : Optional.empty();
  }

  @Override
  public String toString() {
    return delays.isEmpty()
        ? "none"
        : delays.stream().map(Durations::format).collect(Collectors.joining(", ", "after ", ""));
  }
}
