package cloud.klink.webhooks.sender.policy;

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
    if (delays.size() > MAX_RETRIES) {
      throw new IllegalArgumentException("retries: at most " + MAX_RETRIES + " are possible");
    }
    for (Duration delay : delays) {
      if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
        throw new IllegalArgumentException(
            "retries: a delay must be from zero to " + MAX_DELAY.toDays() + " days, not " + delay);
      }
    }
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
        : delays.stream().map(Times::text).collect(Collectors.joining(", ", "after ", ""));
  }
}
