package cloud.klink.webhooks.sender.spring;

import cloud.klink.webhooks.sender.internal.tracing.TracedAttempt;
import io.micrometer.observation.Observation;

/** The context of an attempt's observation. */
final class AttemptObservationContext extends Observation.Context {
  private final TracedAttempt attempt;

  AttemptObservationContext(TracedAttempt attempt) {
    this.attempt = attempt;
  }

  TracedAttempt attempt() {
    return attempt;
  }
}
