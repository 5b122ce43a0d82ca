package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.HOSTILE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.KHMER;
import static cloud.klink.webhooks.sender.storage.contract.Samples.LEASE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.attempt;
import static cloud.klink.webhooks.sender.storage.contract.Samples.change;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claim;
import static cloud.klink.webhooks.sender.storage.contract.Samples.failure;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publishMany;
import static cloud.klink.webhooks.sender.storage.contract.Samples.retry;
import static cloud.klink.webhooks.sender.storage.contract.Samples.stored;
import static cloud.klink.webhooks.sender.storage.contract.Samples.success;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.Failure;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Recorded;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Failures are shown to their watch, and pause the webhook in the same transaction. */
public interface PauseContract extends StorageUnderTest {
  /** How far back the watches of these tests look. */
  Duration HOUR = Duration.ofHours(1);

  /** What they decide. */
  Pause PAUSE = new Pause(PauseCause.FAILURES, "too many: " + HOSTILE + KHMER, T0.plusNanos(7_000));

  @Test
  default void record_failures_areShownNewestFirstWithThoseJustWritten() {
    List<ClaimedDelivery> claimed = claimed("w1", 4);
    storage().record(List.of(retry(claimed.get(0), T0, T0.plusSeconds(99))), Map.of(), T0);
    otherNode()
        .record(List.of(failure(claimed.get(1), T0.plusSeconds(20))), Map.of(), T0.plusSeconds(21));
    Seen seen = new Seen();

    storage()
        .record(
            List.of(
                failure(claimed.get(2), T0.plusSeconds(10)),
                success(claimed.get(3), T0.plusSeconds(11))),
            Map.of("w1", seen.watch(HOUR, 10)),
            T0.plusSeconds(22));

    assertThat(seen.last())
        .containsExactly(ended(T0.plusSeconds(20)), ended(T0.plusSeconds(10)), ended(T0));
  }

  @Test
  default void record_failures_areShownWithOutcomeAndStatus() {
    List<ClaimedDelivery> claimed = claimed("w1", 2);
    Attempt rejected = attempt(claimed.get(0), T0, AttemptResult.answered(410, new byte[0]));
    Attempt late = attempt(
        claimed.get(1),
        T0.plusSeconds(1),
        AttemptResult.failed(AttemptOutcome.TIMED_OUT, "no answer"));
    Seen seen = new Seen();

    storage()
        .record(
            List.of(failed(claimed.get(0), rejected), failed(claimed.get(1), late)),
            Map.of("w1", seen.watch(HOUR, 10)),
            T0.plusSeconds(2));

    assertThat(seen.failures()).containsExactly(Failure.of(late), Failure.of(rejected));
  }

  private static Outcome failed(ClaimedDelivery claimed, Attempt attempt) {
    return Outcome.of(claimed, attempt, DeliveryState.FAILED, Optional.empty());
  }

  @Test
  default void record_failures_areShownUpToTheSample() {
    List<ClaimedDelivery> claimed = claimed("w1", 9);
    Seen seen = new Seen();

    storage().record(failures(claimed), Map.of("w1", seen.watch(HOUR, 3)), T0.plusSeconds(60));

    assertThat(seen.last())
        .containsExactly(
            ended(T0.plusSeconds(8)), ended(T0.plusSeconds(7)), ended(T0.plusSeconds(6)));
  }

  @Test
  default void record_failuresBeforeTheWindow_areNotShown() {
    List<ClaimedDelivery> claimed = claimed("w1", 3);
    storage().record(List.of(failure(claimed.get(0), T0)), Map.of(), T0);
    storage().record(List.of(failure(claimed.get(1), T0.plusSeconds(100))), Map.of(), T0);
    Seen seen = new Seen();
    Instant now = T0.plus(HOUR).plusSeconds(50);

    storage().record(List.of(failure(claimed.get(2), now)), Map.of("w1", seen.watch(HOUR, 9)), now);

    assertThat(seen.last()).containsExactly(ended(now), ended(T0.plusSeconds(100)));
  }

  @Test
  default void record_failuresBeforeTheResume_areNotShown() {
    List<ClaimedDelivery> claimed = claimed("w1", 4);
    storage().record(failures(claimed.subList(0, 3)), Map.of(), T0);
    change(storage(), "w1", b -> b.activeSince(ended(T0.plusSeconds(2))));
    Seen seen = new Seen();
    Instant now = T0.plusSeconds(9);

    storage().record(List.of(failure(claimed.get(3), now)), Map.of("w1", seen.watch(HOUR, 9)), now);

    assertThat(seen.last()).containsExactly(ended(now), ended(T0.plusSeconds(2)));
  }

  @Test
  default void record_failuresOfOthers_areNotShown() {
    insert(storage(), "w2");
    List<ClaimedDelivery> claimed = claimed("w1", 2);
    List<ClaimedDelivery> mine =
        claimed.stream().filter(c -> c.webhookId().equals("w1")).toList();
    Seen seen = new Seen();

    storage().record(failures(claimed), Map.of("w1", seen.watch(HOUR, 9)), T0.plusSeconds(9));

    assertThat(claimed).hasSize(4);
    assertThat(mine).hasSize(2);
    assertThat(seen.last()).hasSize(2);
  }

  @Test
  default void record_enoughFailures_pauseWithTheNextVersion() {
    List<ClaimedDelivery> claimed = claimed("w1", 3);
    StoredWebhook before = stored(storage(), "w1");

    Recorded recorded = storage().record(failures(claimed), Map.of("w1", moreThan(2)), T0);

    assertThat(recorded.paused()).isEqualTo(Map.of("w1", PAUSE));
    StoredWebhook after = stored(otherNode(), "w1");
    assertThat(after.webhook().pause()).contains(PAUSE);
    assertThat(after.webhook().version()).isEqualTo(2);
    Webhook resumed = after.webhook().toBuilder()
        .pause(null)
        .version(1)
        .updatedAt(before.webhook().updatedAt())
        .build();
    assertThat(after.withWebhook(resumed)).isEqualTo(before);
    assertThat(storage().update(Samples.changed(before, b -> b.name("stale")))).isFalse();
  }

  @Test
  default void record_tooFewFailures_pauseNothing() {
    List<ClaimedDelivery> claimed = claimed("w1", 3);
    StoredWebhook before = stored(storage(), "w1");

    Recorded recorded = storage().record(failures(claimed), Map.of("w1", moreThan(3)), T0);

    assertThat(recorded.paused()).isEmpty();
    assertThat(stored(storage(), "w1")).isEqualTo(before);
  }

  @Test
  default void record_pausedAlready_isNotLookedAt() {
    List<ClaimedDelivery> claimed = claimed("w1", 3);
    Pause byHand = new Pause(PauseCause.REQUESTED, "holiday", T0);
    change(storage(), "w1", b -> b.pause(byHand));
    Seen seen = new Seen();

    Recorded recorded = storage().record(failures(claimed), Map.of("w1", seen.watch(HOUR, 9)), T0);

    assertThat(recorded.paused()).isEmpty();
    assertThat(seen.all).isEmpty();
    assertThat(stored(storage(), "w1").webhook().pause()).contains(byHand);
    assertThat(stored(storage(), "w1").webhook().version()).isEqualTo(2);
    assertThat(storage().attempts(claimed.get(0).deliveryId())).hasSize(1);
  }

  @Test
  default void record_noWatchOrNoWebhook_isNotLookedAt() {
    insert(storage(), "w2", "w3");
    List<ClaimedDelivery> claimed = claimed("w1", 1);
    storage().delete("w3");
    Seen seen = new Seen();

    Recorded recorded = storage().record(failures(claimed), Map.of("w3", seen.watch(HOUR, 9)), T0);

    assertThat(claimed).hasSize(3);
    assertThat(recorded.stale()).isEmpty();
    assertThat(recorded.paused()).isEmpty();
    assertThat(recorded.locked()).isEmpty();
    assertThat(seen.all).isEmpty();
  }

  @Test
  default void record_aWatchAlone_looksAtWhatIsThere() {
    List<ClaimedDelivery> claimed = claimed("w1", 3);
    storage().record(failures(claimed), Map.of(), T0);

    Recorded recorded = otherNode().record(List.of(), Map.of("w1", moreThan(2)), T0);

    assertThat(recorded.paused()).isEqualTo(Map.of("w1", PAUSE));
    assertThat(stored(storage(), "w1").webhook().pause()).contains(PAUSE);
  }

  @Test
  default void record_again_tellsThePauseThatWasMade() {
    List<ClaimedDelivery> claimed = claimed("w1", 3);
    storage().record(failures(claimed), Map.of("w1", moreThan(2)), T0);

    Recorded again = storage().record(failures(claimed), Map.of("w1", moreThan(2)), T0);

    assertThat(again.stale()).isEmpty();
    assertThat(again.paused()).isEmpty();
    assertThat(again.alreadyPaused()).isEqualTo(Map.of("w1", PAUSE));
    assertThat(stored(storage(), "w1").webhook().version()).isEqualTo(2);
  }

  @Test
  default void record_staleFailures_doNotCount() {
    List<ClaimedDelivery> slept = claimed("w1", 3);
    Instant now = T0.plusSeconds(1).plus(LEASE);
    assertThat(claim(otherNode(), now).deliveries()).hasSize(3);

    Recorded recorded = storage().record(failures(slept), Map.of("w1", moreThan(0)), now);

    assertThat(recorded.stale()).hasSize(3);
    assertThat(recorded.paused()).isEmpty();
    assertThat(stored(storage(), "w1").webhook().isPaused()).isFalse();
  }

  @Test
  default void record_again_countsFailuresOnce() {
    List<ClaimedDelivery> claimed = claimed("w1", 3);
    List<Outcome> outcomes =
        claimed.stream().map(c -> retry(c, T0, T0.plusSeconds(30))).toList();
    storage().record(outcomes.subList(0, 2), Map.of("w1", moreThan(3)), T0);
    storage().record(outcomes.subList(0, 2), Map.of("w1", moreThan(3)), T0);
    Seen seen = new Seen();

    storage().record(outcomes, Map.of("w1", seen.watch(HOUR, 9)), T0.plusSeconds(1));

    assertThat(seen.last()).hasSize(3);
  }

  @Test
  default void record_severalWebhooks_pauseTheirOwn() {
    insert(storage(), "w2", "w3");
    List<ClaimedDelivery> claimed = claimed("w1", 4);

    Recorded recorded = storage()
        .record(
            failures(claimed),
            Map.of("w1", moreThan(3), "w2", moreThan(4), "w3", moreThan(2)),
            T0.plusSeconds(60));

    assertThat(recorded.paused()).containsOnlyKeys("w1", "w3");
    assertThat(stored(storage(), "w2").webhook().isPaused()).isFalse();
    assertThat(claim(storage(), T0.plusSeconds(9_999)).orphans()).isEmpty();
  }

  @Test
  default void record_justEnoughFailuresBy16Threads_pauseOnce() {
    insert(storage(), "w2");
    List<ClaimedDelivery> claimed = claimed("w1", 64);
    List<List<Outcome>> shares = shares(claimed);

    List<Recorded> recorded = ConcurrentThreads.act(
        i -> recordAndLook(node(i), shares.get(i), Map.of("w1", moreThan(63), "w2", moreThan(63))));

    assertThat(recorded).filteredOn(r -> r.paused().containsKey("w1")).hasSize(1);
    assertThat(recorded).filteredOn(r -> r.paused().containsKey("w2")).hasSize(1);
    assertThat(stored(storage(), "w1").webhook().version()).isEqualTo(2);
    assertThat(stored(storage(), "w2").webhook().pause()).contains(PAUSE);
  }

  @Test
  default void record_manyFailuresBy16Threads_pauseOnce() {
    List<ClaimedDelivery> claimed = claimed("w1", 64);
    List<List<Outcome>> shares = shares(claimed);

    List<Recorded> recorded = ConcurrentThreads.act(
        i -> recordAndLook(node(i), shares.get(i), Map.of("w1", moreThan(10))));

    assertThat(recorded).filteredOn(r -> !r.paused().isEmpty()).hasSize(1);
    assertThat(recorded).allMatch(r -> r.stale().isEmpty());
    assertThat(stored(storage(), "w1").webhook().version()).isEqualTo(2);
  }

  /** Looks again at what somebody else has locked, as whoever records must. */
  private static Recorded recordAndLook(
      Storage storage, List<Outcome> outcomes, Map<String, PausePolicy> watches) {
    Recorded recorded = storage.record(outcomes, watches, T0.plusSeconds(100));
    Map<String, Pause> paused = new HashMap<>(recorded.paused());
    Recorded look = recorded;
    while (!look.locked().isEmpty()) {
      Map<String, PausePolicy> left = new HashMap<>(watches);
      left.keySet().retainAll(look.locked());
      look = storage.record(List.of(), left, T0.plusSeconds(100));
      paused.putAll(look.paused());
    }
    return new Recorded(recorded.stale(), paused);
  }

  private Storage node(int index) {
    return index % 2 == 0 ? storage() : otherNode();
  }

  /** Makes the webhook and claims so many deliveries of it, and of each other there is. */
  private List<ClaimedDelivery> claimed(String webhookId, int count) {
    insert(storage(), webhookId);
    publishMany(storage(), "e", count);
    return claim(storage(), T0.plusSeconds(1)).deliveries();
  }

  /** A failure of each, one second after the other. */
  private static List<Outcome> failures(List<ClaimedDelivery> claimed) {
    return IntStream.range(0, claimed.size())
        .mapToObj(i -> failure(claimed.get(i), T0.plusSeconds(i)))
        .toList();
  }

  /** The failures dealt out to the threads, each in another order. */
  private static List<List<Outcome>> shares(List<ClaimedDelivery> claimed) {
    List<List<Outcome>> shares = new ArrayList<>();
    for (int i = 0; i < ConcurrentThreads.SIZE; i++) {
      List<Outcome> share = new ArrayList<>();
      for (int n = i; n < claimed.size(); n += ConcurrentThreads.SIZE) {
        share.add(i % 3 == 0 ? 0 : share.size(), failure(claimed.get(n), T0.plusSeconds(n)));
      }
      shares.add(share);
    }
    return shares;
  }

  /** When an attempt of these tests that began then ended. */
  private static Instant ended(Instant start) {
    return start.plusMillis(20);
  }

  private static PausePolicy moreThan(int borne) {
    return new Policy(
        HOUR, borne + 1, seen -> seen.size() > borne ? Optional.of(PAUSE) : Optional.empty());
  }

  /** A policy of these tests. */
  record Policy(Duration window, int sample, Function<List<Failure>, Optional<Pause>> rule)
      implements PausePolicy {
    @Override
    public Optional<Pause> decide(List<Failure> failures, Instant now) {
      return rule.apply(failures);
    }
  }

  /** What a watch was shown. */
  final class Seen {
    private final List<List<Failure>> all = new ArrayList<>();

    private PausePolicy watch(Duration window, int sample) {
      return new Policy(window, sample, failures -> {
        all.add(failures);
        return Optional.empty();
      });
    }

    private List<Instant> last() {
      return failures().stream().map(Failure::endedAt).toList();
    }

    private List<Failure> failures() {
      return all.get(all.size() - 1);
    }
  }
}
