package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.LEASE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.TICK;
import static cloud.klink.webhooks.sender.storage.contract.Samples.change;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claim;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claimOne;
import static cloud.klink.webhooks.sender.storage.contract.Samples.event;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publish;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publishMany;
import static cloud.klink.webhooks.sender.storage.contract.Samples.request;
import static cloud.klink.webhooks.sender.storage.contract.Samples.retry;
import static cloud.klink.webhooks.sender.storage.contract.Samples.success;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is due is leased, to one at a time. */
public interface ClaimContract extends StorageUnderTest {

  @Test
  default void claim_nothing_givesNothing() {
    insert(storage(), "w1");

    Claims claims = claim(storage(), T0);

    assertThat(claims.deliveries()).isEmpty();
    assertThat(claims.nextDue()).isEmpty();
    assertThat(claims.orphans()).isEmpty();
  }

  @Test
  default void claim_due_isLeasedWithAllThatAnAttemptNeeds() {
    insert(storage(), "w1");
    change(storage(), "w1", b -> b.name("second version"));
    String id = publish(storage(), event("e1")).deliveryIds().get(0);

    ClaimedDelivery claimed = claimOne(otherNode(), T0.plusSeconds(5));

    assertThat(claimed.deliveryId()).isEqualTo(id);
    assertThat(claimed)
        .isEqualTo(new ClaimedDelivery(
            claimed.lease(),
            T0.plusSeconds(5).plus(LEASE),
            "w1",
            2,
            Environment.PRODUCTION,
            "e1",
            EventName.CONTACT_CREATED,
            event("e1").body(),
            0,
            T0,
            T0,
            Optional.empty()));
    assertThat(storage().delivery(id).orElseThrow().state()).isEqualTo(DeliveryState.WAITING);
    assertThat(storage().delivery(id).orElseThrow().dueAt())
        .contains(T0.plusSeconds(5).plus(LEASE));
  }

  @Test
  default void claim_leased_isNotGivenAgainBeforeTheLeaseEnds() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));
    ClaimedDelivery first = claimOne(storage(), T0);

    assertThat(claim(storage(), T0).deliveries()).isEmpty();
    assertThat(claim(otherNode(), T0.plus(LEASE).minus(TICK)).deliveries()).isEmpty();

    ClaimedDelivery second = claimOne(otherNode(), T0.plus(LEASE));
    assertThat(second.deliveryId()).isEqualTo(first.deliveryId());
    assertThat(second.lease().token()).isGreaterThan(first.lease().token());
    ClaimedDelivery third = claimOne(storage(), T0.plus(LEASE).plus(LEASE));
    assertThat(third.lease().token()).isGreaterThan(second.lease().token());
  }

  @Test
  default void claim_notDue_isLeftToTheMicrosecond() {
    insert(storage(), "w1");
    publish(storage(), event("e1", T0));

    assertThat(claim(storage(), T0.minus(TICK)).deliveries()).isEmpty();
    assertThat(claim(storage(), T0.minus(TICK)).nextDue()).contains(T0);
    assertThat(claim(storage(), T0).deliveries()).hasSize(1);
  }

  @Test
  default void claim_afterARetryWasRecorded_tellsAttemptsAndDueTime() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));
    ClaimedDelivery first = claimOne(storage(), T0);
    storage().record(List.of(retry(first, T0, T0.plusSeconds(30))), Map.of(), T0);

    ClaimedDelivery second = claimOne(storage(), T0.plusSeconds(31));

    assertThat(second.attempts()).isEqualTo(1);
    assertThat(second.dueAt()).isEqualTo(T0.plusSeconds(30));
    assertThat(second.lease().token()).isGreaterThan(first.lease().token());
  }

  @Test
  default void claim_finished_isNotGiven() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));
    storage().record(List.of(success(claimOne(storage(), T0), T0)), Map.of(), T0);

    Claims claims = claim(storage(), T0.plusSeconds(3_600));

    assertThat(claims.deliveries()).isEmpty();
    assertThat(claims.nextDue()).isEmpty();
  }

  @Test
  default void claim_severalOfOneWebhook_areInTheOrderTheyAreDue() {
    insert(storage(), "w1", "w2");
    publish(storage(), event("third", T0.plus(TICK.multipliedBy(3))));
    publish(storage(), event("first", T0.plus(TICK)));
    publish(storage(), event("second", T0.plus(TICK.multipliedBy(2))));

    List<ClaimedDelivery> claimed = claim(storage(), T0.plusSeconds(1)).deliveries();

    for (String webhookId : List.of("w1", "w2")) {
      assertThat(claimed.stream().filter(c -> c.webhookId().equals(webhookId)))
          .extracting(ClaimedDelivery::eventId)
          .containsExactly("first", "second", "third");
    }
  }

  @Test
  default void claim_limited_takesWhatWasDueFirst() {
    insert(storage(), "w1");
    publish(storage(), event("second", T0.plus(TICK)));
    publish(storage(), event("third", T0.plus(TICK.multipliedBy(2))));
    publish(storage(), event("first", T0));

    assertThat(storage().claim(request(T0.plusSeconds(1), 10, 2)).deliveries())
        .extracting(ClaimedDelivery::eventId)
        .containsExactly("first", "second");
    assertThat(storage().claim(request(T0.plusSeconds(1), 10, 2)).deliveries())
        .extracting(ClaimedDelivery::eventId)
        .containsExactly("third");
  }

  @Test
  default void claim_behindWhatIsLeased_takesWhatWasDueLater() {
    insert(storage(), "w1");
    publish(storage(), event("first", T0));
    publish(storage(), event("second", T0.plus(TICK)));
    ClaimedDelivery first = claimOne(storage(), T0);

    assertThat(claim(otherNode(), T0.plusSeconds(1)).deliveries())
        .extracting(ClaimedDelivery::eventId)
        .containsExactly("second");
    assertThat(first.eventId()).isEqualTo("first");
    assertThat(claim(otherNode(), T0.plusSeconds(1)).nextDue()).contains(T0.plus(LEASE));
  }

  @Test
  default void claim_afterALeaseHasEnded_tellsSinceWhenItWasDueBefore() {
    insert(storage(), "w1");
    publish(storage(), event("e1", T0));
    claimOne(storage(), T0.plusSeconds(2));

    ClaimedDelivery again = claimOne(otherNode(), T0.plusSeconds(3).plus(LEASE));

    assertThat(again.dueAt()).isEqualTo(T0);
  }

  @Test
  default void claim_paused_isHeldAndGivenAfterTheResume() {
    insert(storage(), "w1", "w2");
    publish(storage(), event("e1"));
    change(storage(), "w1", b -> b.pause(new Pause(PauseCause.REQUESTED, "", T0)));
    publish(storage(), event("e2"));

    Claims paused = claim(otherNode(), T0);
    assertThat(paused.deliveries()).extracting(ClaimedDelivery::webhookId).containsOnly("w2");
    assertThat(paused.orphans()).isEmpty();

    change(storage(), "w1", b -> b.pause(null).activeSince(T0.plusSeconds(9)));
    assertThat(claim(otherNode(), T0).deliveries())
        .extracting(c -> c.webhookId() + c.eventId() + c.webhookVersion())
        .containsExactlyInAnyOrder("w1e13", "w1e23");
  }

  @Test
  default void claim_nextDue_isTheEarliestOfActiveWebhooks() {
    insert(storage(), "active", "held");
    publish(storage(), event("e1", T0.plusSeconds(10)));
    publish(storage(), event("e2", T0.plusSeconds(5)));
    publish(storage(), event("e3", T0.plusSeconds(20)));

    assertThat(claim(storage(), T0).nextDue()).contains(T0.plusSeconds(5));

    change(storage(), "active", b -> b.pause(new Pause(PauseCause.REQUESTED, "", T0)));
    change(storage(), "held", b -> b.pause(new Pause(PauseCause.REQUESTED, "", T0)));
    assertThat(claim(storage(), T0).nextDue()).isEmpty();
  }

  @Test
  default void claim_nextDue_countsLeasesAndWhatIsDueLater() {
    insert(storage(), "w1");
    publish(storage(), event("e1", T0));
    publish(storage(), event("e2", T0.plusSeconds(90)));

    Claims claims = claim(storage(), T0);

    assertThat(claims.deliveries()).hasSize(1);
    assertThat(claim(storage(), T0.plusSeconds(1)).nextDue()).contains(T0.plus(LEASE));
    storage().record(List.of(success(claims.deliveries().get(0), T0)), Map.of(), T0);
    assertThat(claim(storage(), T0.plusSeconds(1)).nextDue()).contains(T0.plusSeconds(90));
  }

  @Test
  default void claim_deletedWebhook_isToldAsAnOrphan() {
    insert(storage(), "w1", "w2", "w3");
    publish(storage(), event("e1", T0.plusSeconds(10)));
    storage().delete("w1");
    storage().delete("w3");
    storage().end("w3", DeliveryState.CANCELLED, T0, 10);

    assertThat(claim(otherNode(), T0).orphans()).containsExactly("w1");
    assertThat(claim(otherNode(), T0).nextDue()).contains(T0.plusSeconds(10));
    Claims claims = claim(otherNode(), T0.plusSeconds(10));
    assertThat(claims.orphans()).containsExactly("w1");
    assertThat(claims.deliveries()).extracting(ClaimedDelivery::webhookId).containsExactly("w2");
  }

  @Test
  default void claim_by16Threads_givesEachDeliveryOnce() {
    insert(storage(), "w1", "w2", "w3", "w4", "w5");
    publishMany(storage(), "e", 400);

    List<List<String>> claimed = ConcurrentThreads.act(i -> {
      Storage node = i % 2 == 0 ? storage() : otherNode();
      List<String> mine = new ArrayList<>();
      String after = "";
      int empty = 0;
      while (empty < 2) {
        Claims claims = node.claim(new cloud.klink.webhooks.sender.storage.ClaimRequest(
            T0.plusSeconds(1), T0.plusSeconds(61), 20, 7, Map.of(), after));
        after = claims.after();
        claims.deliveries().forEach(delivery -> mine.add(delivery.deliveryId()));
        empty = claims.deliveries().isEmpty() ? empty + 1 : 0;
      }
      return mine;
    });
    // Those that others were just looking at may have been passed over.
    List<String> rest = claim(storage(), T0.plusSeconds(1)).deliveries().stream()
        .map(ClaimedDelivery::deliveryId)
        .toList();

    List<String> all = new ArrayList<>(rest);
    claimed.forEach(all::addAll);
    assertThat(all).hasSize(2_000).doesNotHaveDuplicates();
    assertThat(claimed.stream().filter(mine -> !mine.isEmpty())).isNotEmpty();
  }
}
