package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.sender.webhook.Pause;
import java.util.Map;
import java.util.Set;

/**
 * The result of recording a batch of outcomes.
 *
 * @param stale the leases that have expired and were claimed again, or whose delivery is no longer
 *     waiting; their outcomes changed nothing, and no earlier call has written them
 * @param missing those of the stale ones whose delivery does not exist: it was purged, or the
 *     storage has lost it, for example because a database was replaced by a copy that lagged behind
 * @param paused the webhooks that were paused by their failures in this call, by id
 * @param alreadyPaused the pauses of those webhooks with a policy that were paused before this
 *     call, by id
 * @param locked the webhooks with a policy that could not be checked, because another transaction
 *     was changing them; they must be checked again
 * @param lockedDeliveries the leases whose outcomes were not written, because another transaction
 *     was changing the delivery; they must be written again
 */
public record Recorded(
    Set<Lease> stale,
    Set<Lease> missing,
    Map<String, Pause> paused,
    Map<String, Pause> alreadyPaused,
    Set<String> locked,
    Set<Lease> lockedDeliveries) {
  /**
   * Copies the collections.
   *
   * @param stale leases that are no longer valid
   * @param missing those of them whose delivery does not exist
   * @param paused the webhooks that were paused
   * @param alreadyPaused the webhooks that were paused before
   * @param locked the webhooks that could not be checked
   * @param lockedDeliveries leases whose outcomes were not written
   */
  public Recorded {
    stale = Set.copyOf(stale);
    missing = Set.copyOf(missing);
    if (!stale.containsAll(missing)) {
      throw new IllegalArgumentException("missing: its leases must be among the stale ones");
    }
    paused = Map.copyOf(paused);
    alreadyPaused = Map.copyOf(alreadyPaused);
    locked = Set.copyOf(locked);
    lockedDeliveries = Set.copyOf(lockedDeliveries);
  }

  /**
   * The result of a call that found every delivery, checked every webhook, found none of them
   * paused before, and nothing locked.
   *
   * @param stale leases that are no longer valid
   * @param paused the webhooks that were paused
   */
  public Recorded(Set<Lease> stale, Map<String, Pause> paused) {
    this(stale, Set.of(), paused, Map.of(), Set.of(), Set.of());
  }
}
