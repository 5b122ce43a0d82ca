package cloud.klink.webhooks.sender.internal.claim;

import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.internal.tasks.DispatchRuntime;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StorageException;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Cancels the deliveries of deleted webhooks that claims have found. */
public final class OrphanedDeliveries {
  /** How many deliveries one transaction cancels. */
  private static final int BATCH = 1_000;

  private final Storage storage;
  private final DispatchRuntime runtime;
  private volatile Set<String> webhookIds = Set.of();

  /** An object that knows no such webhook yet. */
  public OrphanedDeliveries(Storage storage, DispatchRuntime runtime) {
    this.storage = storage;
    this.runtime = runtime;
  }

  /**
   * Sets the deleted webhooks that the last claim has found. Claims find them again until all their
   * deliveries are cancelled.
   */
  public void found(Set<String> webhookIds) {
    this.webhookIds = Set.copyOf(webhookIds);
  }

  /** Cancels their deliveries. If the storage refuses one webhook, the others are still handled. */
  public void cancel() {
    @Nullable StorageException refused = null;
    for (String webhookId : new TreeSet<>(webhookIds)) {
      try {
        cancel(webhookId);
      } catch (StorageException e) {
        if (e.reason() != SenderReason.STORAGE_REFUSED) {
          throw e;
        }
        refused = e;
      }
    }
    if (refused != null) {
      throw refused;
    }
  }

  private void cancel(String webhookId) {
    int ended;
    do {
      ended = storage.end(webhookId, DeliveryState.CANCELLED, runtime.now(), BATCH);
    } while (ended == BATCH);
  }
}
