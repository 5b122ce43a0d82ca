package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.internal.tasks.SafeRunner;
import cloud.klink.webhooks.sender.listener.AttemptEvent;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Recorded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports written outcomes to the listener and the log. Never throws.
 *
 * <p>Attempts of one delivery are reported in order: if an earlier one has an outcome that is still
 * to be written, and may already have been, the later ones wait for it.
 */
final class OutcomeAnnouncer {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeWriter.class);

  private final DispatchListener listener;
  private final MissingDeliveries missing;

  /** Whether a delivery, by id, has an outcome that is still to be written. */
  private final Predicate<String> isUnwritten;

  /**
   * Written outcomes that wait for an earlier one of the same delivery, by delivery id, in the
   * order in which they were written.
   */
  private final Map<String, List<PendingOutcome>> held = new LinkedHashMap<>();

  OutcomeAnnouncer(
      DispatchListener listener, MissingDeliveries missing, Predicate<String> isUnwritten) {
    this.listener = listener;
    this.missing = missing;
    this.isUnwritten = isUnwritten;
  }

  void announce(WrittenOutcomes written) {
    Recorded recorded = written.recorded();
    Set<Lease> stale = recorded.stale();
    for (PendingOutcome pending : written.batch()) {
      if (!stale.contains(pending.outcome().lease())) {
        holdOrTell(pending);
      }
    }
    tellHeld();
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

  private void holdOrTell(PendingOutcome pending) {
    String id = pending.deliveryId();
    if (held.containsKey(id) || isUnwritten.test(id)) {
      held.computeIfAbsent(id, any -> new ArrayList<>()).add(pending);
    } else {
      tell(pending);
    }
  }

  private void tellHeld() {
    held.entrySet().removeIf(entry -> {
      boolean isNext = !isUnwritten.test(entry.getKey());
      if (isNext) {
        entry.getValue().stream()
            .sorted(Comparator.comparing(pending -> pending.outcome().lease().token()))
            .forEach(this::tell);
      }
      return isNext;
    });
  }

  private void tell(PendingOutcome pending) {
    safely(() -> listener.onAttempt(event(pending)));
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
