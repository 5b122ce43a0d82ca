package cloud.klink.webhooks.sender.internal.rules;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The decision after an attempt.
 *
 * @param state {@link DeliveryState#SUCCEEDED}, {@link DeliveryState#FAILED}, or
 *     {@link DeliveryState#WAITING} for a retry
 * @param retryAt when the retry is due; empty without one
 */
public record RetryDecision(DeliveryState state, Optional<Instant> retryAt) {
  private static final RetryDecision SUCCEEDED =
      new RetryDecision(DeliveryState.SUCCEEDED, Optional.empty());
  private static final RetryDecision FAILED =
      new RetryDecision(DeliveryState.FAILED, Optional.empty());

  /**
   * Checks that state and time agree.
   *
   * @param state the state
   * @param retryAt when the retry is due
   * @throws IllegalArgumentException if there is a time without a retry, or the other way round
   */
  public RetryDecision {
    Objects.requireNonNull(state, "state");
    if (retryAt.isPresent() == state.isFinal()) {
      throw new IllegalArgumentException(
          "retryAt: it must be given if the state is WAITING, and only then; the state is "
              + state);
    }
  }

  /**
   * Applies the rules. A success ends the delivery. A failure is retried as the retry policy says,
   * and ends the delivery if the policy returns no delay. The delay is changed at random by the
   * policy's jitter, to the microsecond, and is at least what the endpoint asked for, up to the
   * policy's limit.
   *
   * @param attempt the attempt
   * @param createdAt when the delivery was published
   * @param policy the policy
   * @param random the source of the jitter; not used without jitter
   * @return the decision
   */
  public static RetryDecision after(
      Attempt attempt, Instant createdAt, DeliveryPolicy policy, RandomGenerator random) {
    if (attempt.result().succeeded()) {
      return SUCCEEDED;
    }
    Duration age = Durations.max(Duration.between(createdAt, attempt.endedAt()), Duration.ZERO);
    return policy
        .retries()
        .delayAfter(attempt, age)
        .map(RetryDecision::bounded)
        .map(delay -> Durations.max(jittered(delay, policy, random), requested(attempt, policy)))
        .map(delay -> new RetryDecision(
            DeliveryState.WAITING, Optional.of(attempt.endedAt().plus(delay))))
        .orElse(FAILED);
  }

  private static Duration bounded(Duration delay) {
    return Durations.min(Durations.max(delay, Duration.ZERO), RetryPolicy.MAX_DELAY);
  }

  private static Duration jittered(Duration delay, DeliveryPolicy policy, RandomGenerator random) {
    if (policy.jitter() == 0) {
      return delay;
    }
    double factor = 1 + policy.jitter() * (2 * random.nextDouble() - 1);
    return Duration.ofNanos(Math.round(delay.toNanos() * factor)).truncatedTo(ChronoUnit.MICROS);
  }

  private static Duration requested(Attempt attempt, DeliveryPolicy policy) {
    Duration requested = attempt.result().retryAfter().orElse(Duration.ZERO);
    return Durations.min(requested, policy.maxRetryAfter());
  }
}
