package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.ThrottledErrorLog;
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
 * Makes pause policies what storages ask; one that throws pauses nothing and harms nothing else.
 */
final class PauseEvaluators {
  private static final int MAX_SAMPLE = 10_001;

  /** So many failures are looked at for one that says gone: far more than a batch has. */
  private static final int GONE_SAMPLE = 2_000;

  private final DispatchRuntime runtime;
  private final ThrottledErrorLog complaint;

  PauseEvaluators(DispatchRuntime runtime) {
    this.runtime = runtime;
    this.complaint =
        new ThrottledErrorLog("A pause policy failed; nothing is paused", runtime.clock());
  }

  /**
   * What decides by a policy.
   *
   * @param gone when attempts ended that pause the webhook whatever the policy says, if they count
   */
  PauseCheck of(PausePolicy policy, Set<Instant> gone) {
    FailureWatch watch = of(policy);
    return new PauseCheck(gone.isEmpty() ? watch : widened(watch, gone), watch);
  }

  private FailureWatch widened(FailureWatch watch, Set<Instant> gone) {
    Duration age = Duration.between(Collections.min(gone), runtime.now()).plusSeconds(1);
    Duration window = age.compareTo(watch.window()) > 0 ? age : watch.window();
    return new FailureWatch(window, Math.max(GONE_SAMPLE, watch.sample()), failures -> {
      if (failures.stream().map(Failure::endedAt).anyMatch(gone::contains)) {
        return Optional.of(
            new Pause(PauseCause.GONE, "the endpoint answered 410 Gone", runtime.now()));
      }
      return watch.decide().apply(failures);
    });
  }

  /** Decides by the time when it is asked, which is when the pause takes effect. */
  private FailureWatch of(PausePolicy policy) {
    try {
      Duration window = policy.window();
      int sample = policy.sample();
      if (!window.isNegative() && sample > 0 && sample <= MAX_SAMPLE) {
        return new FailureWatch(window, sample, failures -> {
          Instant now = runtime.now();
          Instant start = now.minus(window);
          List<Failure> counting = failures.stream()
              .filter(failure -> failure.endedAt().isAfter(start))
              .limit(sample)
              .toList();
          return decide(policy, counting, now);
        });
      }
      throw new IllegalArgumentException("it wants " + sample + " failures of " + window);
    } catch (Throwable e) {
      complaint.about(e);
    }
    return new FailureWatch(Duration.ofSeconds(1), 1, failures -> Optional.empty());
  }

  private Optional<Pause> decide(PausePolicy policy, List<Failure> failures, Instant now) {
    try {
      return policy.decide(failures, now).map(pause -> Pause.byFailures(pause.reason(), now));
    } catch (Throwable e) { // within a transaction, which an Error must not end
      complaint.about(e);
      return Optional.empty();
    }
  }
}
