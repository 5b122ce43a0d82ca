package cloud.klink.webhooks.sender.storage;

import cloud.klink.webhooks.sender.webhook.Pause;
import java.util.Map;
import java.util.Set;

/**
 * What became of a batch of outcomes.
 *
 * @param stale leases that are worth nothing any more: their outcomes changed nothing
 * @param paused the webhooks that this batch's failures paused, by id
 */
public record Recorded(Set<Lease> stale, Map<String, Pause> paused) {
  /**
   * Copies both.
   *
   * @param stale leases that are worth nothing any more
   * @param paused the webhooks that were paused
   */
  public Recorded {
    stale = Set.copyOf(stale);
    paused = Map.copyOf(paused);
  }
}
