package cloud.klink.webhooks.sender.policy;

import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The pause policy that never pauses. */
enum NeverPause implements PausePolicy {
  INSTANCE;

  @Override
  public Duration window() {
    return Duration.ofSeconds(1);
  }

  @Override
  public int sample() {
    return 1;
  }

  @Override
  public Optional<Pause> decide(List<Failure> failures, Instant now) {
    return Optional.empty();
  }

  @Override
  public String toString() {
    return "never";
  }
}
