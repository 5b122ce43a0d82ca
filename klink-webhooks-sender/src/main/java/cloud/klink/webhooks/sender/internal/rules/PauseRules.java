package cloud.klink.webhooks.sender.internal.rules;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether failures pause a webhook: by its pause policy, or because the endpoint answered
 * 410.
 */
public final class PauseRules {
  private static final int GONE = 410;
  private static final int MAX_SAMPLE = 10_001;

  /** How many failures are read to find one with 410; far more than a batch has. */
  private static final int GONE_SAMPLE = 2_000;

  private PauseRules() {}

  /**
   * The failures that a decision needs.
   *
   * @param window how far back they count
   * @param sample the most failures that are needed, the newest ones
   */
  public record Scope(Duration window, int sample) {}

  /** Whether the endpoint answered 410 Gone. */
  public static boolean isGone(Attempt attempt) {
    return attempt.result().status().orElse(0) == GONE;
  }

  /** Whether a failed attempt pauses the webhook, whatever its pause policy says. */
  public static boolean pausesAtOnce(Attempt attempt, DeliveryPolicy policy) {
    return policy.pausesWhenGone() && isGone(attempt);
  }

  /** Whether an attempt in the scope of a pause has contributed to it. */
  public static boolean ledTo(Pause pause, Attempt attempt) {
    return !attempt.endedAt().isAfter(pause.since())
        && (pause.cause() != PauseCause.GONE || isGone(attempt));
  }

  /**
   * The failures that a policy needs.
   *
   * @throws IllegalArgumentException if a value of the policy is out of its range
   */
  public static Scope scope(PausePolicy policy) {
    Duration window = policy.window();
    int sample = policy.sample();
    if (window.isNegative() || sample < 1 || sample > MAX_SAMPLE) {
      throw new IllegalArgumentException(
          "pausing: its window must not be negative and its sample must be from 1 to " + MAX_SAMPLE
              + ", not " + window + " and " + sample);
    }
    return new Scope(window, sample);
  }

  /**
   * Extends a scope to failures that ended at given times.
   *
   * @param gone the ends of attempts that {@linkplain #pausesAtOnce pause at once}; not empty
   */
  public static Scope including(Scope scope, Set<Instant> gone, Instant now) {
    Duration age = Duration.between(Collections.min(gone), now).plusSeconds(1);
    Duration window = age.compareTo(scope.window()) > 0 ? age : scope.window();
    return new Scope(window, Math.max(GONE_SAMPLE, scope.sample()));
  }

  /** Decides by a policy; failures out of the scope are ignored. */
  public static Optional<Pause> decide(
      PausePolicy policy, Scope scope, List<Failure> failures, Instant now) {
    Instant start = now.minus(scope.window());
    List<Failure> counting = failures.stream()
        .filter(failure -> failure.endedAt().isAfter(start))
        .limit(scope.sample())
        .toList();
    return policy.decide(counting, now).map(pause -> Pause.byFailures(pause.reason(), now));
  }

  /**
   * Decides by attempts that {@linkplain #pausesAtOnce pause at once}, given by the times of their
   * ends.
   */
  public static Optional<Pause> decide(Set<Instant> gone, List<Failure> failures, Instant now) {
    return failures.stream().map(Failure::endedAt).anyMatch(gone::contains)
        ? Optional.of(new Pause(PauseCause.GONE, "the endpoint answered 410 Gone", now))
        : Optional.empty();
  }
}
