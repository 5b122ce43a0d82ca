package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A pause policy in the form in which the sender passes it to a storage.
 *
 * @param window how far back failures count
 * @param sample the most failures to read, the newest ones
 * @param decide decides by the failures, newest first; returns the pause, or empty
 */
public record FailureWatch(
    Duration window, int sample, Function<List<Failure>, Optional<Pause>> decide)
    implements PausePolicy {
  /** Decides by the sender's clock at this moment. */
  @Override
  public Optional<Pause> decide(List<Failure> failures, Instant now) {
    return decide.apply(failures);
  }
}
