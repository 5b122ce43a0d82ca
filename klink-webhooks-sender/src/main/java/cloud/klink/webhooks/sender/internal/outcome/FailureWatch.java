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
 * A pause policy as the sender hands it to a storage.
 *
 * @param window how far back failures count
 * @param sample how many of the newest are wanted at most
 * @param decide given the failures, newest first: the pause, if there is to be one
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
