package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a storage is to look at a webhook's failures after it has written some.
 *
 * @param window how far back failures count from the time of writing
 * @param sample how many of the newest are wanted at most
 * @param decide given the failures, newest first: the pause, if there is to be one. Called within
 *     the transaction, perhaps more than once, so it must be pure
 */
public record FailureWatch(
    Duration window, int sample, Function<List<Failure>, Optional<Pause>> decide) {
  /**
   * Checks that nothing is missing.
   *
   * @param window how far back failures count
   * @param sample how many of the newest are wanted
   * @param decide decides
   */
  public FailureWatch {
    Objects.requireNonNull(window, "window");
    Objects.requireNonNull(decide, "decide");
  }
}
