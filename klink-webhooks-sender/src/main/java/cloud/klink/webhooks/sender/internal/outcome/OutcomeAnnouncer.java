package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Recorded;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the node and its listeners what was written. */
final class OutcomeAnnouncer {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeWriter.class);

  private final DispatchListener reporter;
  private final Consumer<String> onPause;
  private final Consumer<Instant> onRetry;
  private final MissingDeliveries missing;

  OutcomeAnnouncer(
      DispatchListener reporter,
      Consumer<String> onPause,
      Consumer<Instant> onRetry,
      MissingDeliveries missing) {
    this.missing = missing;
    this.reporter = reporter;
    this.onPause = onPause;
    this.onRetry = onRetry;
  }

  /** Tells what was written: first what this node does otherwise from now on. */
  void written(
      List<PendingOutcome> batch,
      Map<String, PauseCheck> checks,
      Recorded recorded,
      Map<String, Pause> paused) {
    Set<Lease> stale = recorded.stale();
    paused.keySet().forEach(id -> safely(() -> onPause.accept(id)));
    batch.stream()
        .flatMap(pending -> pending.outcome().retryAt().stream())
        .min(Comparator.naturalOrder())
        .ifPresent(time -> safely(() -> onRetry.accept(time)));
    for (PendingOutcome pending : batch) {
      if (!stale.contains(pending.outcome().lease())) {
        safely(() -> reporter.onAttempt(event(pending)));
      }
    }
    missing.add(recorded.missing());
    List<Lease> late =
        stale.stream().filter(lease -> !recorded.missing().contains(lease)).toList();
    if (!late.isEmpty()) {
      SafeRunner.log(() -> LOG.info(
          "Outcomes that arrived after their lease ended and were ignored: {}, {} among them",
          late.size(),
          late.get(0).deliveryId()));
    }
    paused.forEach((webhookId, pause) -> safely(() -> reporter.onPaused(
        webhookId, pause, Objects.requireNonNull(checks.get(webhookId)).of(pause))));
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
    SafeRunner.run(LOG, "Listeners could not be told of written outcomes", call);
  }
}
