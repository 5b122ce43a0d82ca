package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.internal.rules.PauseRules;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.internal.tasks.ThrottledErrorLog;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes pause checks that apply the {@link PauseRules}. A pause policy that throws pauses nothing
 * and has no other effect.
 */
final class PauseEvaluators {
  private final DispatchRuntime runtime;
  private final ThrottledErrorLog errors;

  PauseEvaluators(DispatchRuntime runtime) {
    this.runtime = runtime;
    this.errors =
        new ThrottledErrorLog("A pause policy failed; nothing is paused", runtime.clock());
  }

  /**
   * Makes a check by a policy.
   *
   * @param gone the ends of attempts that pause the webhook whatever the policy says, if they count
   */
  PauseCheck of(PausePolicy policy, Set<Instant> gone) {
    FailureWatch watch = of(policy);
    return new PauseCheck(gone.isEmpty() ? watch : including(watch, gone), watch);
  }

  private FailureWatch including(FailureWatch watch, Set<Instant> gone) {
    PauseRules.Scope scope = PauseRules.including(
        new PauseRules.Scope(watch.window(), watch.sample()), gone, runtime.now());
    return new FailureWatch(
        scope.window(),
        scope.sample(),
        failures -> PauseRules.decide(gone, failures, runtime.now())
            .or(() -> watch.decide().apply(failures)));
  }

  /** Decides by the time of the call, which is when the pause takes effect. */
  private FailureWatch of(PausePolicy policy) {
    try {
      PauseRules.Scope scope = PauseRules.scope(policy);
      return new FailureWatch(
          scope.window(), scope.sample(), failures -> decide(policy, scope, failures));
    } catch (Throwable e) {
      errors.log(e);
      return new FailureWatch(Duration.ofSeconds(1), 1, failures -> Optional.empty());
    }
  }

  private Optional<Pause> decide(
      PausePolicy policy, PauseRules.Scope scope, List<Failure> failures) {
    try {
      return PauseRules.decide(policy, scope, failures, runtime.now());
    } catch (Throwable e) { // an Error, too, must not end the storage's transaction
      errors.log(e);
      return Optional.empty();
    }
  }
}
