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

/** Whether failures pause a webhook: by its pause policy, or because an endpoint answered 410. */
public final class PauseRules {
  private static final int GONE = 410;
  private static final int MAX_SAMPLE = 10_001;

  /** How many failures are read to find one that says 410: far more than a batch has. */
  private static final int GONE_SAMPLE = 2_000;

  private PauseRules() {}

  /**
   * Which failures a decision needs.
   *
   * @param window how far back they count
   * @param sample how many of the newest are needed at most
   */
  public record Scope(Duration window, int sample) {}

  /** Whether the endpoint answered 410 Gone. */
  public static boolean saysGone(Attempt attempt) {
    return attempt.result().status().orElse(0) == GONE;
  }

  /** Whether a failed attempt pauses the webhook whatever its pause policy says. */
  public static boolean pausesAtOnce(Attempt attempt, DeliveryPolicy policy) {
    return policy.pausesWhenGone() && saysGone(attempt);
  }

  /** Whether an attempt is among those that have led to a pause, if it is in its scope. */
  public static boolean ledTo(Pause pause, Attempt attempt) {
    return !attempt.endedAt().isAfter(pause.since())
        && (pause.cause() != PauseCause.GONE || saysGone(attempt));
  }

  /**
   * Which failures a policy decides by.
   *
   * @throws IllegalArgumentException if the policy leaves its ranges
   */
  public static Scope scope(PausePolicy policy) {
    Duration window = policy.window();
    int sample = policy.sample();
    if (window.isNegative() || sample < 1 || sample > MAX_SAMPLE) {
      throw new IllegalArgumentException("the window must be positive and the sample from 1 to "
          + MAX_SAMPLE + ", not " + window + " and " + sample);
    }
    return new Scope(window, sample);
  }

  /**
   * The scope that holds failures that ended at these times as well.
   *
   * @param gone when attempts ended that {@link #pausesAtOnce}; not empty
   */
  public static Scope including(Scope scope, Set<Instant> gone, Instant now) {
    Duration age = Duration.between(Collections.min(gone), now).plusSeconds(1);
    Duration window = age.compareTo(scope.window()) > 0 ? age : scope.window();
    return new Scope(window, Math.max(GONE_SAMPLE, scope.sample()));
  }

  /** Decides by failures alone; they may reach further back than the scope. */
  public static Optional<Pause> decide(
      PausePolicy policy, Scope scope, List<Failure> failures, Instant now) {
    Instant start = now.minus(scope.window());
    List<Failure> counting = failures.stream()
        .filter(failure -> failure.endedAt().isAfter(start))
        .limit(scope.sample())
        .toList();
    return policy.decide(counting, now).map(pause -> Pause.byFailures(pause.reason(), now));
  }

  /** Decides whether attempts that {@link #pausesAtOnce} count, by the times of their ends. */
  public static Optional<Pause> decide(Set<Instant> gone, List<Failure> failures, Instant now) {
    return failures.stream().map(Failure::endedAt).anyMatch(gone::contains)
        ? Optional.of(new Pause(PauseCause.GONE, "the endpoint answered 410 Gone", now))
        : Optional.empty();
  }
}
