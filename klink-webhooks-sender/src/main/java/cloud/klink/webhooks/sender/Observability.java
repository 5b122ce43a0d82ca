package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.sender.health.Health;
import cloud.klink.webhooks.sender.internal.dispatch.Dispatcher;
import cloud.klink.webhooks.sender.internal.health.HealthReport;
import cloud.klink.webhooks.sender.internal.health.NodeHealth;
import cloud.klink.webhooks.sender.internal.health.OutcomeHealth;
import cloud.klink.webhooks.sender.internal.health.StorageHealth;
import cloud.klink.webhooks.sender.internal.notify.ListenerDispatcher;
import cloud.klink.webhooks.sender.internal.notify.StorageCallMonitor;
import cloud.klink.webhooks.sender.internal.notify.StorageHealthProbe;
import cloud.klink.webhooks.sender.internal.outcome.UnwrittenOutcomes;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What others can see of a sender.
 *
 * @param listenerDispatcher tells listeners
 * @param storageProbe looks at the storage
 * @param calls notices what comes of the node's calls to it
 * @param clock tells the time
 * @param unreadable how many webhooks could not be read
 * @param description the configuration
 * @param warnings what of it should not be overlooked
 */
record Observability(
    ListenerDispatcher listenerDispatcher,
    StorageHealthProbe storageProbe,
    StorageCallMonitor calls,
    Clock clock,
    IntSupplier unreadable,
    String description,
    List<String> warnings) {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);

  /** Refuses a storage that cannot be worked with; one that is only out of reach is waited for. */
  static void check(Storage storage) {
    try {
      storage.check();
    } catch (StorageException e) {
      if (e.reason() != SenderReason.STORAGE_UNAVAILABLE) {
        throw e;
      }
      LOG.warn("The storage cannot be reached; deliveries begin when it can", e);
    }
  }

  Health health(NodeHealth.Phase phase, Dispatcher dispatcher) {
    UnwrittenOutcomes unwritten = dispatcher.unwritten();
    StorageHealth seen = calls.combine(storageProbe.probe());
    Optional<Instant> refused = unwritten.refusedSince();
    StorageHealth storage = refused.isPresent() && seen.isReachable()
        ? StorageHealth.unreachable(
            seen.checkedAt(), refused.get(), SenderReason.STORAGE_REFUSED.code())
        : seen;
    NodeHealth node = new NodeHealth(
        phase,
        dispatcher.inFlight(),
        dispatcher.queued(),
        dispatcher.outageSince(),
        unreadable.getAsInt(),
        dispatcher.unclaimable(),
        listenerDispatcher.dropped());
    OutcomeHealth outcomes = new OutcomeHealth(
        unwritten.setAside(),
        unwritten.lastRefusal(),
        unwritten.lockedWebhooks(),
        unwritten.missing(),
        unwritten.lastMissing());
    return new HealthReport(clock.instant(), node, storage, outcomes, calls.activity());
  }
}
