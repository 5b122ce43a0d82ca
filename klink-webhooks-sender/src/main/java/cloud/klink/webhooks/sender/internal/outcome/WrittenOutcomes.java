package cloud.klink.webhooks.sender.internal.outcome;

import cloud.klink.webhooks.sender.storage.Recorded;
import cloud.klink.webhooks.sender.webhook.Pause;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The outcomes that one call to the storage has written.
 *
 * @param batch the outcomes
 * @param checks the pause checks of the call, by webhook id
 * @param recorded the result of the call
 * @param paused the webhooks that were paused by it, by id
 */
public record WrittenOutcomes(
    List<PendingOutcome> batch,
    Map<String, PauseCheck> checks,
    Recorded recorded,
    Map<String, Pause> paused) {
  static final WrittenOutcomes NOTHING =
      new WrittenOutcomes(List.of(), Map.of(), new Recorded(Set.of(), Map.of()), Map.of());

  /** When the first retry is due; empty if none of the outcomes is retried. */
  public Optional<Instant> retryAt() {
    return batch.stream()
        .flatMap(pending -> pending.outcome().retryAt().stream())
        .min(Comparator.naturalOrder());
  }
}
