package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.HOSTILE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.LEASE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.TICK;
import static cloud.klink.webhooks.sender.storage.contract.Samples.change;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claimOne;
import static cloud.klink.webhooks.sender.storage.contract.Samples.event;
import static cloud.klink.webhooks.sender.storage.contract.Samples.failMany;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publish;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publishMany;
import static cloud.klink.webhooks.sender.storage.contract.Samples.retry;
import static cloud.klink.webhooks.sender.storage.contract.Samples.success;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.storage.Backlog;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What failed and what is waiting can be looked at as a whole. */
public interface SurveyContract extends StorageUnderTest {

  @Test
  default void failures_ofAWebhook_areNewestFirst() {
    insert(storage(), "w1", "w2");
    List<String> ids = failMany(storage(), "w1", 4);

    List<Attempt> failures = otherNode().failures("w1", T0.minusSeconds(9), Instant.MAX, 3);

    assertThat(failures)
        .extracting(Attempt::deliveryId)
        .containsExactly(ids.get(3), ids.get(2), ids.get(1));
    assertThat(failures)
        .containsExactly(attempt(ids.get(3)), attempt(ids.get(2)), attempt(ids.get(1)));
  }

  private Attempt attempt(String id) {
    return storage().attempts(id).get(0);
  }

  @Test
  default void failures_sinceAndUntil_areInclusive() {
    insert(storage(), "w1");
    List<String> ids = failMany(storage(), "w1", 3);
    Instant end = attempt(ids.get(1)).endedAt();

    assertThat(storage().failures("w1", end, Instant.MAX, 9)).hasSize(2);
    assertThat(storage().failures("w1", end.plus(TICK), Instant.MAX, 9)).hasSize(1);
    assertThat(storage().failures("w1", Instant.MIN, end, 9)).hasSize(2);
    assertThat(storage().failures("w1", Instant.MIN, end.minus(TICK), 9)).hasSize(1);
    assertThat(storage().failures("w1", end, end, 1)).containsExactly(attempt(ids.get(1)));
  }

  @Test
  default void failures_ofRetries_areOneForEachAttempt() {
    insert(storage(), "w1");
    publish(storage(), "e1");
    Instant now = T0;
    for (int i = 0; i < 3; i++) {
      ClaimedDelivery claimed = claimOne(storage(), now);
      storage().record(List.of(retry(claimed, now, now.plusSeconds(1))), Map.of(), now);
      now = now.plusSeconds(1);
    }
    storage().record(List.of(success(claimOne(storage(), now), now)), Map.of(), now);
    storage().delete("w1");

    assertThat(storage().failures("w1", T0, Instant.MAX, 9))
        .extracting(Attempt::number)
        .containsExactly(3, 2, 1);
    assertThat(storage().failures("absent", T0, Instant.MAX, 9)).isEmpty();
    assertThat(storage().failures(HOSTILE, T0, Instant.MAX, 9)).isEmpty();
  }

  @Test
  default void backlog_ofNothing_isEmpty() {
    insert(storage(), "w1");

    assertThat(storage().backlog(T0)).isEqualTo(new Backlog(0, 0, Optional.empty(), 0));
  }

  @Test
  default void backlog_waitingAndHeld_areToldApart() {
    insert(storage(), "w1", "w2", "w3", "w4");
    publishMany(storage(), "e", 10);
    change(storage(), "w2", b -> b.pause(new Pause(PauseCause.REQUESTED, "", T0)));
    change(storage(), "w3", b -> b.pause(new Pause(PauseCause.FAILURES, "", T0)));
    storage().delete("w4");
    storage().insert(Samples.webhook("idle", "room.*"));
    change(storage(), "idle", b -> b.pause(new Pause(PauseCause.REQUESTED, "", T0)));

    assertThat(otherNode().backlog(T0.plusSeconds(9)))
        .isEqualTo(new Backlog(10, 20, Optional.of(T0), 3));
  }

  @Test
  default void backlog_oldestDue_isThatOfWhatIsNeitherHeldNorLeasedNorToCome() {
    insert(storage(), "w1", "w2");
    change(storage(), "w2", b -> b.pause(new Pause(PauseCause.REQUESTED, "", T0)));
    publish(storage(), event("e1", T0));

    assertThat(storage().backlog(T0.minus(TICK)).oldestDue()).isEmpty();
    assertThat(storage().backlog(T0).oldestDue()).contains(T0);
    ClaimedDelivery claimed = claimOne(storage(), T0);
    assertThat(storage().backlog(T0)).isEqualTo(new Backlog(1, 1, Optional.empty(), 1));
    publish(storage(), event("e2", T0.plusSeconds(1)));
    assertThat(storage().backlog(T0.plusSeconds(2)).oldestDue()).contains(T0.plusSeconds(1));
    assertThat(storage().backlog(T0.plus(LEASE).minus(TICK)).oldestDue())
        .contains(T0.plusSeconds(1));
    assertThat(storage().backlog(T0.plus(LEASE)).oldestDue()).contains(T0);
    storage().record(List.of(success(claimed, T0)), Map.of(), T0);
    assertThat(storage().backlog(T0.plus(LEASE)).waiting()).isEqualTo(1);
  }
}
