package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.IDS;
import static cloud.klink.webhooks.sender.storage.contract.Samples.LEASE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.TICK;
import static cloud.klink.webhooks.sender.storage.contract.Samples.change;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claim;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claimOne;
import static cloud.klink.webhooks.sender.storage.contract.Samples.event;
import static cloud.klink.webhooks.sender.storage.contract.Samples.failMany;
import static cloud.klink.webhooks.sender.storage.contract.Samples.failure;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.nextId;
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
import cloud.klink.webhooks.sender.storage.Published;
import cloud.klink.webhooks.sender.storage.Purge;
import cloud.klink.webhooks.sender.storage.Recorded;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is old and finished goes; what is waiting or still needed stays. */
public interface PurgeContract extends StorageUnderTest {

  /** How much went, in all. */
  private static String purgeAll(Storage storage, Instant before, int limit) {
    Purge purge = Purge.before(before, limit);
    while (!purge.isDone()) {
      Purge next = storage.purge(purge);
      assertThat(next.deliveries() - purge.deliveries()).isBetween(0L, (long) limit);
      assertThat(next.before()).isEqualTo(before);
      assertThat(next.limit()).isEqualTo(limit);
      purge = next;
    }
    return purge.deliveries() + " deliveries, " + purge.events() + " events";
  }

  private boolean hasEvent(String id) {
    return otherNode().body(Environment.PRODUCTION, id).isPresent();
  }

  private boolean hasDelivery(String id) {
    return otherNode().delivery(id).isPresent();
  }

  /** Publishes an event and lets its delivery succeed at once. */
  private String deliver(String eventId, Instant at) {
    String id = publish(storage(), event(eventId, at)).deliveryIds().get(0);
    storage().record(List.of(success(claimOne(storage(), at), at)), Map.of(), at);
    return id;
  }

  @Test
  default void purge_ofNothing_isDone() {
    assertThat(storage().purge(Purge.before(T0, 10)))
        .isEqualTo(Purge.before(T0, 10).done());
  }

  @Test
  default void purge_old_removesDeliveryAttemptsAndEvent() {
    insert(storage(), "w1");
    String old = deliver("e1", T0);
    String young = deliver("e2", T0.plus(TICK));

    assertThat(purgeAll(storage(), T0, 10)).isEqualTo("0 deliveries, 0 events");
    assertThat(purgeAll(storage(), T0.plus(TICK), 10)).isEqualTo("1 deliveries, 1 events");

    assertThat(hasDelivery(old)).isFalse();
    assertThat(otherNode().attempts(old)).isEmpty();
    assertThat(hasEvent("e1")).isFalse();
    assertThat(hasDelivery(young)).isTrue();
    assertThat(otherNode().attempts(young)).hasSize(1);
    assertThat(hasEvent("e2")).isTrue();
  }

  @Test
  default void purge_event_isForgottenAndCanBePublishedAgain() {
    insert(storage(), "w1");
    deliver("e1", T0);
    Instant now = T0.plusSeconds(60);

    assertThat(publish(storage(), event("e1", now)).isNew()).isFalse();
    purgeAll(storage(), now, 10);

    assertThat(publish(storage(), event("e1", now)).isNew()).isTrue();
    assertThat(claimOne(storage(), now).eventId()).isEqualTo("e1");
  }

  @Test
  default void purge_everyFinalState_isRemoved() {
    insert(storage(), "w1");
    publishMany(storage(), "e", 4);
    Instant now = T0.plusSeconds(1);
    List<ClaimedDelivery> claimed = storage().claim(request(now, 2, 2)).deliveries();
    storage()
        .record(List.of(success(claimed.get(0), now), failure(claimed.get(1), now)), Map.of(), now);
    change(storage(), "w1", b -> b.pause(new Pause(PauseCause.REQUESTED, "", now)));
    storage().end("w1", DeliveryState.DISCARDED, now, 1);
    storage().delete("w1");
    storage().end("w1", DeliveryState.CANCELLED, now, 1);

    assertThat(purgeAll(storage(), now.plus(TICK), 10)).isEqualTo("4 deliveries, 4 events");
    assertThat(storage().failures("w1", T0, Instant.MAX, 9)).isEmpty();
  }

  @Test
  default void purge_whatWaits_isNeverTouched() {
    insert(storage(), "w1");
    Published due = publish(storage(), "due");
    publish(storage(), "leased");
    publish(storage(), "retried");
    List<ClaimedDelivery> claimed = claim(storage(), T0).deliveries();
    Instant far = T0.plus(Duration.ofDays(4_000));
    ClaimedDelivery leased = of(claimed, "leased");
    ClaimedDelivery retried = of(claimed, "retried");
    storage().record(List.of(retry(retried, T0, far)), Map.of(), T0);
    storage().release(Map.of(of(claimed, "due").lease(), T0));

    assertThat(purgeAll(storage(), T0.plus(Duration.ofDays(3_000)), 2))
        .isEqualTo("0 deliveries, 0 events");

    assertThat(List.of("due", "leased", "retried")).allMatch(this::hasEvent);
    assertThat(hasDelivery(due.deliveryIds().get(0))).isTrue();
    assertThat(otherNode().attempts(retried.deliveryId())).hasSize(1);
    assertThat(storage().failures("w1", T0, Instant.MAX, 9)).hasSize(1);
    assertThat(storage().record(List.of(success(leased, T0)), Map.of(), T0).stale())
        .isEmpty();
    assertThat(claim(storage(), far).deliveries())
        .extracting(ClaimedDelivery::eventId)
        .containsExactlyInAnyOrder("due", "retried");
  }

  private static ClaimedDelivery of(List<ClaimedDelivery> claimed, String eventId) {
    return claimed.stream()
        .filter(one -> one.eventId().equals(eventId))
        .findFirst()
        .orElseThrow();
  }

  @Test
  default void purge_heldByAPausedWebhook_isDeliveredAfterwards() {
    insert(storage(), "w1", "w2");
    change(storage(), "w1", b -> b.pause(new Pause(PauseCause.REQUESTED, "", T0)));
    publishMany(storage(), "e", 30);
    Instant now = T0.plusSeconds(1);
    List<ClaimedDelivery> claimed = claim(storage(), now).deliveries();
    storage().record(claimed.stream().map(c -> success(c, now)).toList(), Map.of(), now);
    Instant later = T0.plus(Duration.ofDays(400));

    assertThat(purgeAll(storage(), later, 7)).isEqualTo("30 deliveries, 0 events");

    change(storage(), "w1", b -> b.pause(null));
    assertThat(claim(storage(), later).deliveries())
        .hasSize(30)
        .allMatch(one -> one.body().equals(event(one.eventId()).body()));
  }

  @Test
  default void purge_eventsWithoutDelivery_goOnceTheyAreOld() {
    publish(storage(), event("e1", T0));
    publish(storage(), event("e2", T0.plus(TICK)));

    assertThat(purgeAll(storage(), T0.plus(TICK), 10)).isEqualTo("0 deliveries, 1 events");

    assertThat(hasEvent("e1")).isFalse();
    assertThat(hasEvent("e2")).isTrue();
    assertThat(publish(storage(), event("e2", T0)).isNew()).isFalse();
  }

  @Test
  default void purge_sameEventIdInBothEnvironments_isToldApart() {
    insert(storage(), "w1");
    storage().insert(Samples.webhook(Environment.DEVELOPMENT, "dev", "contact.created"));
    publish(storage(), event("e1"));
    storage().record(List.of(success(claimOne(storage(), T0), T0)), Map.of(), T0);
    publish(storage(), event(Environment.DEVELOPMENT, "e1", EventName.CONTACT_CREATED, T0));

    assertThat(purgeAll(storage(), T0.plus(TICK), 10)).isEqualTo("1 deliveries, 1 events");

    assertThat(hasEvent("e1")).isFalse();
    assertThat(otherNode().body(Environment.DEVELOPMENT, "e1")).isPresent();
    assertThat(claimOne(storage(), T0).webhookId()).isEqualTo("dev");
  }

  @Test
  default void purge_oneOfSeveralDeliveries_keepsTheEventForTheOthers() {
    insert(storage(), "w1", "w2");
    publish(storage(), "e1");
    List<ClaimedDelivery> claimed = claim(storage(), T0).deliveries();
    Instant later = T0.plusSeconds(60);
    storage().record(List.of(success(claimed.get(0), T0)), Map.of(), T0);
    storage().record(List.of(success(claimed.get(1), T0)), Map.of(), later);

    assertThat(purgeAll(storage(), later, 10)).isEqualTo("1 deliveries, 0 events");
    assertThat(hasEvent("e1")).isTrue();
    assertThat(purgeAll(storage(), later.plus(TICK), 10)).isEqualTo("1 deliveries, 1 events");
    assertThat(hasEvent("e1")).isFalse();
  }

  @Test
  default void purge_redelivered_goesBeforeTheOneThatRepeatsIt() {
    insert(storage(), "w1");
    String old = failMany(storage(), "w1", 1).get(0);
    Instant later = T0.plusSeconds(3_600);
    storage().redeliver(old, "zz1", later);
    String eventId = storage().delivery(old).orElseThrow().eventId();

    assertThat(purgeAll(storage(), later, 10)).isEqualTo("1 deliveries, 0 events");

    assertThat(hasDelivery(old)).isFalse();
    assertThat(storage().delivery("zz1").orElseThrow().redeliveryOf()).contains(old);
    assertThat(storage().redeliver(old, nextId(), later)).isFalse();
    ClaimedDelivery claimed = claimOne(storage(), later);
    assertThat(claimed.body()).isEqualTo(event(eventId).body());
    storage().record(List.of(success(claimed, later)), Map.of(), later);
    assertThat(purgeAll(storage(), later.plus(TICK), 10)).isEqualTo("1 deliveries, 1 events");
  }

  @Test
  default void purge_theOneThatRepeats_mayGoBeforeTheOther() {
    insert(storage(), "w1");
    publish(storage(), "e1");
    ClaimedDelivery old = claimOne(storage(), T0);
    storage().redeliver(old.deliveryId(), "zz1", T0);
    storage().record(List.of(success(claimOne(storage(), T0), T0)), Map.of(), T0);

    assertThat(purgeAll(storage(), T0.plus(LEASE), 10)).isEqualTo("1 deliveries, 0 events");

    assertThat(storage().delivery(old.deliveryId()).orElseThrow().redeliveredAs())
        .contains("zz1");
    assertThat(storage().record(List.of(success(old, T0)), Map.of(), T0).stale())
        .isEmpty();
  }

  @Test
  default void record_ofWhatWasPurged_isMissing() {
    insert(storage(), "w1");
    publish(storage(), "e1");
    ClaimedDelivery gone = claimOne(storage(), T0);
    storage().record(List.of(success(gone, T0)), Map.of(), T0);
    assertThat(purgeAll(storage(), T0.plus(LEASE), 10)).isEqualTo("1 deliveries, 1 events");
    publish(storage(), "e2");
    ClaimedDelivery taken = claimOne(storage(), T0);
    claimOne(otherNode(), T0.plus(LEASE));

    Recorded late =
        storage().record(List.of(failure(gone, T0), success(taken, T0)), Map.of(), T0.plus(LEASE));

    assertThat(late.stale()).containsExactlyInAnyOrder(gone.lease(), taken.lease());
    assertThat(late.missing()).containsExactly(gone.lease());
  }

  @Test
  default void purge_small_looksAtNothingTwice() {
    insert(storage(), "w1");
    change(storage(), "w1", b -> b.pause(new Pause(PauseCause.REQUESTED, "", T0)));
    publishMany(storage(), "kept", 20);
    Instant later = T0.plusSeconds(1);
    List<Integer> removed = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      publish(storage(), event(Environment.PRODUCTION, "x" + i, EventName.ROOM_SOLVED, later));
    }

    Purge purge = Purge.before(later.plus(TICK), 5);
    while (!purge.isDone()) {
      Purge next = storage().purge(purge);
      removed.add((int) (next.events() - purge.events()));
      assertThat(next).isNotEqualTo(purge);
      purge = next;
    }

    assertThat(removed.stream().mapToInt(Integer::intValue).sum()).isEqualTo(6);
    assertThat(removed).startsWith(0, 0, 0, 0).hasSizeLessThanOrEqualTo(7);
  }

  @Test
  default void purge_eventsOfOneMoment_moreThanTheLimit_allGo() {
    for (int i = 0; i < 25; i++) {
      publish(storage(), event("e" + i, T0));
    }

    assertThat(purgeAll(storage(), T0.plus(TICK), 4)).isEqualTo("0 deliveries, 25 events");
  }

  @Test
  default void purge_by16Threads_removesEachOnce() {
    insert(storage(), "w1");
    failMany(storage(), "w1", 300);
    Instant before = T0.plusSeconds(3_600);

    List<String> purged =
        ConcurrentThreads.act(i -> purgeAll(i % 2 == 0 ? storage() : otherNode(), before, 20));
    String rest = purgeAll(storage(), before, 1_000);

    long deliveries = Stream.concat(purged.stream(), Stream.of(rest))
        .mapToLong(text -> Long.parseLong(text.substring(0, text.indexOf(' '))))
        .sum();
    assertThat(deliveries).isEqualTo(300);
    assertThat(storage().failures("w1", T0, Instant.MAX, 9)).isEmpty();
    assertThat(purgeAll(storage(), before, 1_000)).isEqualTo("0 deliveries, 0 events");
  }

  @Test
  default void purge_whileTheSameIsRepeated_neverTakesTheEventOfARedelivery() {
    insert(storage(), "w1");
    List<String> failed = failMany(storage(), "w1", 160);
    Instant before = T0.plusSeconds(3_600);

    List<List<String>> repeated = ConcurrentThreads.act(i -> {
      Storage node = i % 2 == 0 ? storage() : otherNode();
      if (i < 4) {
        purgeAll(node, before, 3);
        return List.of();
      }
      if (i < 6) {
        return node.redeliverFailed("w1", T0, IDS, before, 30);
      }
      List<String> ids = new ArrayList<>();
      for (int n = i; n < failed.size(); n += 10) {
        String id = nextId();
        if (node.redeliver(failed.get(failed.size() - 1 - n), id, before)) {
          ids.add(id);
        }
      }
      return ids;
    });
    purgeAll(storage(), before, 1_000);

    assertThat(claim(storage(), before).deliveries())
        .extracting(ClaimedDelivery::deliveryId)
        .containsExactlyInAnyOrderElementsOf(
            repeated.stream().flatMap(List::stream).toList());
    assertThat(failed).noneMatch(this::hasDelivery);
  }

  @Test
  default void purge_whileOthersPublishAndDeliver_harmsNothing() {
    insert(storage(), "w1", "w2");
    failMany(storage(), "w1", 100);
    Instant now = T0.plusSeconds(3_600);

    List<List<String>> delivered = ConcurrentThreads.act(i -> {
      Storage node = i % 2 == 0 ? storage() : otherNode();
      if (i < 4) {
        purgeAll(node, now, 5);
        return List.of();
      }
      List<String> ids = new ArrayList<>();
      for (int n = 0; n < 10; n++) {
        publish(node, event("new-" + i + "-" + n, now));
        List<ClaimedDelivery> claimed = node.claim(request(now, 4, 2)).deliveries();
        assertThat(node.record(
                    claimed.stream().map(one -> success(one, now)).toList(), Map.of(), now)
                .stale())
            .isEmpty();
        claimed.forEach(one -> ids.add(one.deliveryId()));
      }
      return ids;
    });
    List<String> rest = claim(storage(), now).deliveries().stream()
        .map(ClaimedDelivery::deliveryId)
        .toList();

    List<String> all =
        Stream.concat(delivered.stream().flatMap(List::stream), rest.stream()).toList();
    assertThat(all).hasSize(240).doesNotHaveDuplicates().allMatch(this::hasDelivery);
    assertThat(IntStream.range(4, 16).mapToObj(i -> "new-" + i + "-3")).allMatch(this::hasEvent);
  }

  @TestFactory
  default Stream<DynamicTest> purgeDurable() {
    return isDurable()
        ? Stream.of(DynamicTest.dynamicTest("reopened_purgedAndRepeated_isAsItWas", () -> {
          insert(storage(), "w1");
          List<String> failed = failMany(storage(), "w1", 2);
          Instant cut =
              storage().delivery(failed.get(1)).orElseThrow().finishedAt().orElseThrow();
          purgeAll(storage(), cut, 10);
          storage().redeliver(failed.get(1), "zz1", cut);

          Storage reopened = reopened();

          assertThat(reopened.delivery(failed.get(0))).isEmpty();
          assertThat(reopened.delivery(failed.get(1)).orElseThrow().redeliveredAs())
              .contains("zz1");
          assertThat(reopened.redeliverFailed("w1", T0, IDS, cut, 9)).isEmpty();
          assertThat(claimOne(reopened, cut).deliveryId()).isEqualTo("zz1");
        }))
        : Stream.empty();
  }
}
