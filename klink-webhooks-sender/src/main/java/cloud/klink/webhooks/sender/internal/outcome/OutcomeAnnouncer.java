package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Recorded;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports written outcomes to the listener and the log. Never throws. */
final class OutcomeAnnouncer {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeWriter.class);

  private final DispatchListener listener;
  private final MissingDeliveries missing;

  OutcomeAnnouncer(DispatchListener listener, MissingDeliveries missing) {
    this.listener = listener;
    this.missing = missing;
  }

  void announce(WrittenOutcomes written) {
    Recorded recorded = written.recorded();
    Set<Lease> stale = recorded.stale();
    for (PendingOutcome pending : written.batch()) {
      if (!stale.contains(pending.outcome().lease())) {
        safely(() -> listener.onAttempt(event(pending)));
      }
    }
    missing.add(recorded.missing());
    List<Lease> late =
        stale.stream().filter(lease -> !recorded.missing().contains(lease)).toList();
    if (!late.isEmpty()) {
      SafeRunner.log(() -> LOG.info(
          "Ignored outcomes that arrived after their lease had ended: {}, {} among them",
          late.size(),
          late.get(0).deliveryId()));
    }
    written
        .paused()
        .forEach((webhookId, pause) -> safely(() -> listener.onPaused(
            webhookId,
            pause,
            Objects.requireNonNull(written.checks().get(webhookId)).of(pause))));
  }

  private static AttemptEvent event(PendingOutcome pending) {
    Outcome outcome = pending.outcome();
    return new AttemptEvent(
        outcome.webhookId(),
        pending.delivery().eventId(),
        pending.delivery().eventName(),
        outcome.attempt(),
        outcome.state(),
        outcome.retryAt());
  }

  private static void safely(Runnable call) {
    SafeRunner.run(LOG, "Cannot report written outcomes to listeners", call);
  }
}
