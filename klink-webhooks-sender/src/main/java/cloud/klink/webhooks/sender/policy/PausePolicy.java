package cloud.klink.webhooks.sender.policy;

import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Decides when failures pause a webhook. A pure function, like {@link RetryPolicy}: a storage calls
 * it within a transaction, perhaps more than once for the same failures.
 *
 * <p>The failed attempts of all nodes count if they ended within {@link #window()} and not before
 * the webhook was created or last resumed. A policy that throws, or returns a value out of its
 * range, pauses nothing.
 */
public interface PausePolicy {
  /** K-LINK's policy: more than 50 failed attempts within one hour. */
  PausePolicy DEFAULT = moreThan(50, Duration.ofHours(1));

  /**
   * How far back failures count.
   *
   * @return the length of the window, which slides; positive
   */
  Duration window();

  /**
   * The most failures that {@link #decide} is given, the newest ones.
   *
   * @return 1 to 10,001
   */
  int sample();

  /**
   * * Decides whether failures pause the webhook.
   *
   * @param failures the newest {@link #sample()} failures within the window, newest first, each
   *     with the time of its end, its outcome and its status
   * @param now the time
   * @return {@link Pause#byFailures} if the webhook is to be paused now; empty if it stays active
   */
  Optional<Pause> decide(List<Failure> failures, Instant now);

  /**
   * Pauses at more than a number of failures within a window.
   *
   * @param failures how many are tolerated, 0 to 10,000
   * @param within the window's length, 1 second to 30 days
   * @return the policy
   * @throws IllegalArgumentException if a value is out of its range
   */
  static PausePolicy moreThan(int failures, Duration within) {
    return new FailureCount(failures, within);
  }

  /**
   * Never pauses.
   *
   * @return the policy
   */
  static PausePolicy never() {
    return NeverPause.INSTANCE;
  }
}
