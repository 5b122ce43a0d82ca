package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.HOSTILE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.IDS;
import static cloud.klink.webhooks.sender.storage.contract.Samples.KHMER;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.TICK;
import static cloud.klink.webhooks.sender.storage.contract.Samples.event;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publish;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publishMany;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryPage;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A search finds what a list that is filtered and sorted has, and nothing else. */
public interface SearchContract extends StorageUnderTest {

  @Test
  default void search_eachConditionAlone_findsWhatAListHas() {
    History history = History.of(storage(), 1);
    List<Delivery> all = history.deliveries();
    List<DeliveryQuery.Builder> queries = new ArrayList<>();
    queries.add(DeliveryQuery.builder());
    History.WEBHOOKS.forEach(id -> queries.add(DeliveryQuery.builder().webhook(id)));
    history.eventIds().forEach(id -> queries.add(DeliveryQuery.builder().event(id)));
    History.NAMES.forEach(name -> queries.add(DeliveryQuery.builder().eventName(name)));
    for (Environment environment : Environment.values()) {
      queries.add(DeliveryQuery.builder().environment(environment));
    }
    for (DeliveryState state : DeliveryState.values()) {
      queries.add(DeliveryQuery.builder().state(state));
      assertThat(all).as("what is searched").extracting(Delivery::state).contains(state);
    }
    for (StatusClass statusClass : StatusClass.values()) {
      queries.add(DeliveryQuery.builder().statusClass(statusClass));
      assertThat(all)
          .as("what is searched")
          .extracting(one -> one.lastStatusClass())
          .contains(Optional.of(statusClass), Optional.empty());
    }
    all.stream().limit(40).forEach(one -> queries.add(DeliveryQuery.builder().anyId(one.id())));
    history.eventIds().forEach(id -> queries.add(DeliveryQuery.builder().anyId(id)));
    queries.add(DeliveryQuery.builder().held(true));
    queries.add(DeliveryQuery.builder().lastFailed(true));
    queries.add(DeliveryQuery.builder().redeliverable(true));
    for (int attempts = 0; attempts <= 4; attempts++) {
      queries.add(DeliveryQuery.builder().minAttempts(attempts));
    }
    for (int tick = -1; tick <= 4; tick++) {
      Instant edge = T0.plusSeconds(3).plus(TICK.multipliedBy(tick));
      queries.add(DeliveryQuery.builder().from(edge));
      queries.add(DeliveryQuery.builder().to(edge));
      queries.add(DeliveryQuery.builder().from(edge).to(edge));
      queries.add(DeliveryQuery.builder().from(edge).to(edge.plus(TICK)));
    }

    for (DeliveryQuery.Builder query : queries) {
      compare(query.limit(DeliveryQuery.MAX_LIMIT).build(), all);
    }
  }

  @Test
  default void search_conditionsTogether_findWhatAListHas() {
    History history = History.of(storage(), 2);
    List<Delivery> all = history.deliveries();
    Random random = new Random(3);
    int found = 0;

    for (int i = 0; i < 250; i++) {
      DeliveryQuery.Builder query = DeliveryQuery.builder().limit(1 + random.nextInt(40));
      if (random.nextInt(3) == 0) {
        query.webhook(pick(History.WEBHOOKS, random));
      }
      if (random.nextInt(3) == 0) {
        query.environment(pick(List.of(Environment.values()), random));
      }
      if (random.nextInt(6) == 0) {
        query.event(pick(history.eventIds(), random));
      }
      if (random.nextInt(3) == 0) {
        query.eventName(pick(History.NAMES, random));
      }
      if (random.nextInt(3) == 0) {
        query.state(pick(List.of(DeliveryState.values()), random));
      }
      if (random.nextInt(3) == 0) {
        query.statusClass(pick(List.of(StatusClass.values()), random));
      }
      if (random.nextInt(4) == 0) {
        query.lastFailed(true);
      }
      if (random.nextInt(4) == 0) {
        query.redeliverable(true);
      }
      if (random.nextInt(5) == 0) {
        query.minAttempts(random.nextInt(4));
      }
      if (random.nextInt(8) == 0) {
        query.anyId(
            random.nextBoolean() ? pick(all, random).id() : pick(history.eventIds(), random));
      }
      int first = random.nextInt(History.SECONDS);
      if (random.nextInt(3) == 0) {
        query.from(T0.plusSeconds(first).plus(TICK.multipliedBy(random.nextInt(3))));
      }
      if (random.nextInt(3) == 0) {
        query.to(T0.plusSeconds(first + random.nextInt(4)).plus(TICK.multipliedBy(3)));
      }
      if (random.nextInt(3) == 0) {
        query.after(cursor(pick(all, random)));
      }
      found += compare(query.build(), all);
    }
    assertThat(found).isGreaterThan(1_000);
  }

  private static <T> T pick(List<T> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }

  /** Searches page by page, and counts. */
  private int compare(DeliveryQuery query, List<Delivery> all) {
    List<Delivery> expected = all.stream()
        .filter(one -> matches(query, one))
        .sorted(Comparator.comparing(Delivery::createdAt)
            .thenComparing(Delivery::id)
            .reversed())
        .toList();
    assertThat(walk(otherNode(), query)).isEqualTo(expected);
    assertThat(count(otherNode(), query)).isEqualTo(expected.size());
    return expected.size();
  }

  private static String cursor(Delivery delivery) {
    return DeliveryQuery.cursor(delivery.createdAt(), delivery.id());
  }

  private boolean matches(DeliveryQuery query, Delivery one) {
    boolean isHeld = one.state() == DeliveryState.WAITING
        && Optional.ofNullable(storage().find(List.of(one.webhookId())).get(one.webhookId()))
            .filter(stored -> stored.webhook().isPaused())
            .isPresent();
    Optional<StatusClass> statusClass = one.lastStatusClass();
    boolean isAfter = query
        .afterTime()
        .map(time -> one.createdAt().isBefore(time)
            || (one.createdAt().equals(time)
                && one.id().compareTo(query.afterId().orElseThrow()) < 0))
        .orElse(true);
    return isAfter
        && query.webhookId().map(one.webhookId()::equals).orElse(true)
        && query.environment().map(one.environment()::equals).orElse(true)
        && query.eventId().map(one.eventId()::equals).orElse(true)
        && query.eventName().map(one.eventName()::equals).orElse(true)
        && query.state().map(one.state()::equals).orElse(true)
        && query
            .statusClass()
            .map(wanted -> statusClass.equals(Optional.of(wanted)))
            .orElse(true)
        && query
            .anyId()
            .map(id -> id.equals(one.id()) || id.equals(one.eventId()))
            .orElse(true)
        && (!query.isHeld() || isHeld)
        && (!query.isLastFailed()
            || one.lastOutcome()
                .filter(last -> last != AttemptOutcome.SUCCEEDED)
                .isPresent())
        && (!query.isRedeliverable()
            || (one.state().isFinal() && one.redeliveredAs().isEmpty()))
        && one.attempts() >= query.minAttempts()
        && query.from().map(from -> !one.createdAt().isBefore(from)).orElse(true)
        && query.to().map(to -> one.createdAt().isBefore(to)).orElse(true);
  }

  private static List<Delivery> walk(Storage storage, DeliveryQuery first) {
    List<Delivery> found = new ArrayList<>();
    Optional<DeliveryQuery> query = Optional.of(first);
    while (query.isPresent()) {
      DeliveryPage page = storage.search(query.get());
      assertThat(page.deliveries()).hasSizeLessThanOrEqualTo(first.limit());
      found.addAll(page.deliveries());
      query = page.next().map(place -> first.toBuilder().after(place).build());
    }
    return found;
  }

  /** Counts part by part. */
  private static int count(Storage storage, DeliveryQuery first) {
    int count = 0;
    Optional<DeliveryQuery> query = Optional.of(first);
    while (query.isPresent()) {
      DeliveryPage part = storage.count(query.get());
      count += part.size();
      query = part.next().map(place -> first.toBuilder().after(place).build());
    }
    return count;
  }

  @Test
  default void search_held_findsWhatWaitsForPausedWebhooks() {
    insert(storage(), "w1", "w2");
    publishMany(storage(), "e", 6);
    DeliveryQuery.Builder held = DeliveryQuery.builder().held(true);
    assertThat(walk(storage(), held.build())).isEmpty();

    Samples.change(storage(), "w2", b -> b.pause(new Pause(PauseCause.REQUESTED, "", T0)));

    assertThat(walk(storage(), held.limit(2).build()))
        .hasSize(6)
        .extracting(Delivery::webhookId)
        .containsOnly("w2");
    assertThat(walk(storage(), held.webhook("w1").build())).isEmpty();
    assertThat(walk(storage(), held.webhook("w2").build())).hasSize(6);
    storage().end("w2", DeliveryState.DISCARDED, T0.plusSeconds(1), 4);
    assertThat(walk(storage(), held.build())).hasSize(2);
  }

  @Test
  default void searchAndCount_redeliverable_leaveOutWhatWaitsAndWhatWasRedelivered() {
    insert(storage(), "w1", "w2");
    publishMany(storage(), "e", 3);
    Samples.change(storage(), "w1", b -> b.pause(new Pause(PauseCause.REQUESTED, "", T0)));
    storage().end("w1", DeliveryState.DISCARDED, T0.plusSeconds(1), 3);
    DeliveryQuery ended = DeliveryQuery.builder().redeliverable(true).build();
    List<Delivery> three = walk(storage(), ended);

    storage().redeliver(three.get(1).id(), "again", T0.plusSeconds(2));

    assertThat(three).hasSize(3).extracting(Delivery::webhookId).containsOnly("w1");
    assertThat(walk(storage(), ended)).containsExactly(three.get(0), three.get(2));
    assertThat(count(storage(), ended)).isEqualTo(2);
    assertThat(count(storage(), DeliveryQuery.builder().build())).isEqualTo(7);
  }

  @Test
  default void search_idOfDeliveryAndOfEvent_findsEachOnce() {
    insert(storage(), "w1");
    storage().publish(List.of(event("same")), () -> "same");

    assertThat(walk(storage(), DeliveryQuery.builder().anyId("same").build()))
        .extracting(Delivery::id)
        .containsExactly("same");
    for (String text : List.of("", "%", "sam", "\0", "\uDC00", "SAME")) {
      assertThat(walk(storage(), DeliveryQuery.builder().anyId(text).build())).isEmpty();
    }
  }

  @Test
  default void search_fullPageAtTheEnd_hasNoNext() {
    insert(storage(), "w1");
    publishMany(storage(), "e", 6);
    DeliveryQuery three = DeliveryQuery.builder().webhook("w1").limit(3).build();

    DeliveryPage first = storage().search(three);
    DeliveryPage second =
        storage().search(three.toBuilder().after(first.next().orElseThrow()).build());

    assertThat(first.next()).contains(cursor(first.deliveries().get(2)));
    assertThat(second.deliveries()).extracting(Delivery::eventId).containsExactly("e2", "e1", "e0");
    assertThat(second.next()).isEmpty();
    assertThat(storage().search(DeliveryQuery.builder().limit(6).build()).next())
        .isEmpty();
  }

  @Test
  default void search_emptyStorage_isAtItsEnd() {
    assertThat(storage().search(DeliveryQuery.builder().build()))
        .isEqualTo(DeliveryPage.of(List.of(), Optional.empty()));
  }

  @Test
  default void search_publishedMeanwhile_leavesNoGapAndRepeatsNothing() {
    insert(storage(), "w1", "w2");
    publishMany(storage(), "e", 40);
    List<Delivery> before = walk(storage(), DeliveryQuery.builder().build());
    int published = 0;
    for (DeliveryQuery first : List.of(
        DeliveryQuery.builder().limit(7).build(),
        DeliveryQuery.builder().state(DeliveryState.WAITING).limit(7).build(),
        DeliveryQuery.builder().webhook("w1").limit(3).build())) {
      List<Delivery> found = new ArrayList<>();
      Optional<DeliveryQuery> query = Optional.of(first);
      while (query.isPresent()) {
        DeliveryPage page = storage().search(query.get());
        found.addAll(page.deliveries());
        query = page.next().map(place -> first.toBuilder().after(place).build());
        publish(otherNode(), event("new" + published++, T0.plusSeconds(60)));
      }

      assertThat(found.stream().filter(one -> one.createdAt().isBefore(T0.plusSeconds(1))))
          .containsExactlyElementsOf(
              before.stream().filter(one -> matches(first, one)).toList());
      assertThat(found).extracting(Delivery::id).doesNotHaveDuplicates();
    }
  }

  @Test
  default void searchAndCount_rareCondition_isReachedInTheEnd() {
    insert(storage(), "w1");
    NewEvent rare =
        event(Environment.PRODUCTION, "rare", EventName.of("room.opened"), T0.minusSeconds(1));
    storage().insert(Samples.webhook("w2", "room.*"));
    publish(storage(), rare);
    for (int part = 0; part < 11; part++) {
      int from = part * 1_000;
      storage()
          .publish(
              IntStream.range(from, from + 1_000).mapToObj(i -> event("e" + i)).toList(), IDS);
    }

    for (DeliveryQuery.Builder query : List.of(
        DeliveryQuery.builder().eventName(rare.name()),
        DeliveryQuery.builder().environment(Environment.PRODUCTION).eventName(rare.name()),
        DeliveryQuery.builder().eventName(rare.name()).to(T0.plus(TICK)))) {
      assertThat(walk(storage(), query.build()))
          .extracting(Delivery::eventId)
          .containsExactly("rare");
      assertThat(storage().count(query.build()).next()).isPresent();
      assertThat(count(storage(), query.build())).isEqualTo(1);
    }
    assertThat(count(storage(), DeliveryQuery.builder().build())).isEqualTo(11_001);
    assertThat(count(storage(), DeliveryQuery.builder().webhook("w1").build())).isEqualTo(11_000);
    assertThat(
            walk(storage(), DeliveryQuery.builder().webhook("w1").limit(1_000).build()))
        .hasSize(11_000)
        .extracting(Delivery::id)
        .doesNotHaveDuplicates()
        .isSortedAccordingTo(Comparator.reverseOrder());
  }

  @Test
  default void search_anyTexts_findsNothingButThem() {
    History.of(storage(), 4);

    for (String text : List.of(KHMER, "", "%", "w_", "\0", "w1\0", "\uD800", "w1 ", "W1")) {
      assertThat(walk(storage(), DeliveryQuery.builder().webhook(text).build())).isEmpty();
      assertThat(walk(
              storage(), DeliveryQuery.builder().eventName(new EventName(text)).build()))
          .isEmpty();
    }
    for (String text : List.of("", "%", "e_", "\0", "e1\0", "\uDC00", "E1")) {
      assertThat(walk(storage(), DeliveryQuery.builder().event(text).build())).isEmpty();
    }
    assertThat(walk(
            storage(), DeliveryQuery.builder().webhook(HOSTILE).event(KHMER).build()))
        .hasSizeLessThanOrEqualTo(1)
        .allMatch(one -> one.eventId().equals(KHMER));
  }

  @Test
  default void search_timesFarAway_areLikeAnyOther() {
    insert(storage(), "w1");
    publishMany(storage(), "e", 3);

    assertThat(walk(
            storage(), DeliveryQuery.builder().from(Instant.MIN).to(Instant.MAX).build()))
        .hasSize(3);
    assertThat(walk(storage(), DeliveryQuery.builder().from(Instant.MAX).build()))
        .isEmpty();
    assertThat(walk(storage(), DeliveryQuery.builder().to(Instant.MIN).build())).isEmpty();
    assertThat(walk(
            storage(),
            DeliveryQuery.builder()
                .after(DeliveryQuery.cursor(Instant.MAX, "z"))
                .build()))
        .hasSize(3);
    assertThat(walk(
            storage(),
            DeliveryQuery.builder().after(DeliveryQuery.cursor(Instant.MIN, "")).build()))
        .isEmpty();
  }

  @Test
  default void search_timesFinerThanMicroseconds_areCut() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));
    DeliveryQuery.Builder query = DeliveryQuery.builder();

    assertThat(walk(storage(), query.from(T0.plusNanos(999)).build())).hasSize(1);
    assertThat(walk(storage(), query.from(null).to(T0.plusNanos(999)).build())).isEmpty();
    String cursor = DeliveryQuery.cursor(T0.plusNanos(999), "");
    assertThat(walk(storage(), query.to(null).after(cursor).build())).isEmpty();
  }
}
