package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.TICK;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claim;
import static cloud.klink.webhooks.sender.storage.contract.Samples.claimOne;
import static cloud.klink.webhooks.sender.storage.contract.Samples.failMany;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publish;
import static cloud.klink.webhooks.sender.storage.contract.Samples.retry;
import static cloud.klink.webhooks.sender.storage.contract.Samples.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.AttemptStatistics;
import cloud.klink.webhooks.sender.delivery.CountQuery;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.StatusClass;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Purge;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sums of attempts are those of a list that is gone through. */
public interface StatisticsContract extends StorageUnderTest {
  /** The span in which everything of the samples begins. */
  Instant SPAN = Instant.parse("2026-03-04T05:05:00Z");

  private static CountQuery query(Environment environment, @Nullable String webhook, int spans) {
    return new CountQuery(
        environment,
        Optional.ofNullable(webhook),
        SPAN.minus(AttemptStatistics.SPAN.multipliedBy(2)),
        SPAN.plus(AttemptStatistics.SPAN.multipliedBy(4)),
        AttemptStatistics.SPAN.multipliedBy(spans));
  }

  @Test
  default void statistics_anyHistory_areThoseOfItsAttempts() {
    List<Delivery> all = History.of(storage(), 8).deliveries();
    long attempts = 0;

    for (Environment environment : Environment.values()) {
      for (EventName name : History.NAMES) {
        attempts += compare(all, environment, null, name);
        for (String webhook : History.WEBHOOKS) {
          compare(all, environment, webhook, name);
        }
      }
    }
    assertThat(attempts).isGreaterThan(100);
  }

  private long compare(
      List<Delivery> all, Environment environment, @Nullable String webhook, EventName name) {
    AttemptStatistics none = AttemptStatistics.of(SPAN, name, new long[AttemptStatistics.FIGURES]);
    AttemptStatistics expected = none;
    for (Delivery one : all) {
      if (one.environment() == environment
          && (webhook == null || webhook.equals(one.webhookId()))
          && one.eventName().equals(name)) {
        for (Attempt attempt : storage().attempts(one.id())) {
          expected = expected.plus(AttemptStatistics.of(name, attempt));
        }
      }
    }
    AttemptStatistics found = none;
    for (AttemptStatistics one : otherNode().statistics(query(environment, webhook, 1))) {
      found = one.eventName().equals(name) ? found.plus(one) : found;
    }
    assertThat(found).isEqualTo(expected);
    return found.attempts();
  }

  @Test
  default void statistics_ofEachStatus_areExact() {
    insert(storage(), "w1");
    answerAll(200, 200, 204, 404, 503, 503, 301, 101, 599, 100);
    answerAll(200, 204, 503, 410);

    assertThat(statuses("w1"))
        .isEqualTo(statuses(null))
        .containsExactly(
            entry(100, 1L),
            entry(101, 1L),
            entry(200, 3L),
            entry(204, 2L),
            entry(301, 1L),
            entry(404, 1L),
            entry(410, 1L),
            entry(503, 3L),
            entry(599, 1L));
  }

  @Test
  default void statistics_ofAttemptsWithoutAStatus_haveNone() {
    insert(storage(), "w1");
    publish(storage(), "e1");
    ClaimedDelivery claimed = claimOne(storage(), T0);
    storage().record(List.of(retry(claimed, T0, T0.plusSeconds(1))), Map.of(), T0);
    publish(storage(), "e2");
    record(claim(storage(), T0).deliveries(), List.of(AttemptResult.acknowledged()));

    assertThat(statuses("w1")).isEmpty();
    assertThat(storage().statistics(query(Environment.PRODUCTION, "w1", 6)))
        .extracting(one -> one.count(StatusClass.SUCCESS))
        .containsExactly(1L);
  }

  /** An endpoint may answer anything: there are as many statuses as HTTP has, and no more. */
  @Test
  default void statistics_ofAnyNumberOfStatuses_areBounded() {
    insert(storage(), "w1");
    answerAll(IntStream.rangeClosed(-1, 1_100).toArray());
    answerAll(Integer.MIN_VALUE, Integer.MAX_VALUE);

    assertThat(statuses("w1").keySet())
        .containsExactlyElementsOf(IntStream.rangeClosed(100, 599).boxed().toList());
    assertThat(storage().statistics(query(Environment.PRODUCTION, "w1", 6)))
        .extracting(AttemptStatistics::attempts)
        .containsExactly(1_104L);
  }

  private void answerAll(int... statuses) {
    Samples.publishMany(storage(), "e" + Samples.nextId() + "-", statuses.length);
    List<ClaimedDelivery> claimed =
        storage().claim(Samples.request(T0.plusSeconds(1), 2_000, 2_000)).deliveries();
    record(
        claimed,
        Arrays.stream(statuses)
            .mapToObj(status -> AttemptResult.answered(status, new byte[0]))
            .toList());
  }

  private void record(List<ClaimedDelivery> claimed, List<AttemptResult> results) {
    assertThat(claimed).hasSameSizeAs(results);
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < claimed.size(); i++) {
      ClaimedDelivery one = claimed.get(i);
      DeliveryState state =
          results.get(i).succeeded() ? DeliveryState.SUCCEEDED : DeliveryState.FAILED;
      outcomes.add(new Outcome(
          one.lease(),
          one.webhookId(),
          Samples.attempt(one, T0, results.get(i)),
          state,
          Optional.empty()));
    }
    storage().record(outcomes, Map.of(), T0.plusSeconds(2));
  }

  private Map<Integer, Long> statuses(@Nullable String webhook) {
    List<AttemptStatistics> found =
        otherNode().statistics(query(Environment.PRODUCTION, webhook, 6));
    assertThat(found).hasSize(1);
    return found.get(0).statuses();
  }

  @Test
  default void statistics_ofManyWebhooks_areThoseOfEach() {
    History.of(storage(), 8);
    List<String> ids = new ArrayList<>(History.WEBHOOKS);
    ids.addAll(List.of("nobody", "", "\0", "\uD800", "%", History.WEBHOOKS.get(0)));

    for (Environment environment : Environment.values()) {
      for (int spans : List.of(1, 2, 6)) {
        Map<String, List<AttemptStatistics>> expected = new HashMap<>();
        for (String webhook : History.WEBHOOKS) {
          List<AttemptStatistics> one = storage().statistics(query(environment, webhook, spans));
          if (!one.isEmpty()) {
            expected.put(webhook, one);
          }
        }

        assertThat(otherNode().statistics(query(environment, null, spans), ids))
            .isNotEmpty()
            .isEqualTo(expected);
      }
    }
    assertThat(storage().statistics(query(Environment.PRODUCTION, null, 1), List.of()))
        .isEmpty();
  }

  @Test
  default void statistics_edgesOfSpans_areToTheMicrosecond() {
    insert(storage(), "w1");
    Instant next = SPAN.plus(AttemptStatistics.SPAN);
    for (Instant start : List.of(SPAN, next.minus(TICK), next)) {
      publish(storage(), "e" + start);
      ClaimedDelivery claimed = claimOne(storage(), T0);
      storage().record(List.of(success(claimed, start)), Map.of(), T0.plusSeconds(901));
    }

    assertThat(storage().statistics(query(Environment.PRODUCTION, "w1", 1)))
        .extracting(AttemptStatistics::start, AttemptStatistics::attempts)
        .containsExactly(tuple(SPAN, 2L), tuple(next, 1L));
    assertThat(storage().statistics(query(Environment.PRODUCTION, null, 6)))
        .extracting(AttemptStatistics::start, AttemptStatistics::attempts)
        .containsExactly(tuple(SPAN.minus(AttemptStatistics.SPAN.multipliedBy(2)), 3L));
    assertThat(storage().statistics(query(Environment.DEVELOPMENT, null, 1))).isEmpty();
    assertThat(storage().statistics(query(Environment.DEVELOPMENT, "w1", 1))).isEmpty();
  }

  @Test
  default void statistics_outcomeAgainOrStale_countsOnce() {
    insert(storage(), "w1");
    publish(storage(), "e1");
    ClaimedDelivery first = claimOne(storage(), T0);
    Outcome outcome = retry(first, T0, T0.plusSeconds(1));
    storage().record(List.of(outcome), Map.of(), T0);
    storage().record(List.of(outcome), Map.of(), T0);
    ClaimedDelivery second = claimOne(otherNode(), T0.plusSeconds(1));
    storage().record(List.of(success(first, T0)), Map.of(), T0);
    otherNode().record(List.of(success(second, T0)), Map.of(), T0);

    List<AttemptStatistics> sums = storage().statistics(query(Environment.PRODUCTION, "w1", 6));

    assertThat(sums).hasSize(1);
    assertThat(sums.get(0).attempts()).isEqualTo(2);
    assertThat(sums.get(0).failures()).isEqualTo(1);
  }

  @Test
  default void statistics_severalNodesAtOnce_loseNothing() throws Exception {
    insert(storage(), "w1");
    int count = 60;
    Samples.publishMany(storage(), "e", count);
    List<ClaimedDelivery> claimed = claim(storage(), T0.plusSeconds(1)).deliveries();

    List<java.util.concurrent.Callable<Object>> work = new java.util.ArrayList<>();
    for (int i = 0; i < count; i += 10) {
      List<ClaimedDelivery> some = claimed.subList(i, i + 10);
      var node = i % 20 == 0 ? storage() : otherNode();
      work.add(() -> node.record(
          some.stream().map(one -> success(one, T0)).toList(), Map.of(), T0.plusSeconds(2)));
    }
    var threads = java.util.concurrent.Executors.newFixedThreadPool(6);
    try {
      for (var done : threads.invokeAll(work)) {
        done.get();
      }
    } finally {
      threads.shutdown();
    }

    assertThat(storage().statistics(query(Environment.PRODUCTION, null, 6)))
        .extracting(AttemptStatistics::attempts)
        .containsExactly((long) count);
  }

  @Test
  default void statistics_afterThePurgeOfTheirSpan_areGone() {
    insert(storage(), "w1");
    failMany(storage(), "w1", 3);
    CountQuery query = query(Environment.PRODUCTION, null, 6);

    purge(SPAN.plus(AttemptStatistics.SPAN).minus(TICK));
    assertThat(storage().statistics(query))
        .extracting(AttemptStatistics::statuses)
        .containsExactly(new TreeMap<>(Map.of(500, 3L)));

    purge(SPAN.plus(AttemptStatistics.SPAN));
    assertThat(storage().statistics(query)).isEmpty();

    answerAll(200);
    assertThat(statuses("w1")).containsExactly(entry(200, 1L));
  }

  private void purge(Instant before) {
    Purge purge = Purge.before(before, 1);
    while (!purge.isDone()) {
      purge = storage().purge(purge);
    }
  }

  @Test
  default void statistics_textThatNobodyHas_areNone() {
    insert(storage(), "w1");
    failMany(storage(), "w1", 1);

    for (String id : List.of("", "\0", "w1\0", "\uD800", "%")) {
      assertThat(storage().statistics(query(Environment.PRODUCTION, id, 1))).isEmpty();
    }
  }

  @Test
  default void statistics_percentiles_areWithinTheClassOfTheirDuration() {
    EventName name = EventName.CONTACT_CREATED;
    AttemptStatistics sum = AttemptStatistics.of(SPAN, name, new long[AttemptStatistics.FIGURES]);
    assertThat(sum.percentile(50)).isEmpty();
    ClaimedDelivery claimed = claimed();
    for (int i = 1; i <= 100; i++) {
      sum = sum.plus(AttemptStatistics.of(
          name,
          Samples.attempt(claimed, T0, Duration.ofMillis(i * 10L), AttemptResult.acknowledged())));
    }

    assertThat(sum.percentile(50).orElseThrow()).isEqualTo(Duration.ofMillis(500));
    assertThat(sum.percentile(95).orElseThrow())
        .isBetween(Duration.ofMillis(900), Duration.ofMillis(1_000));
    assertThat(sum.percentile(100).orElseThrow()).isEqualTo(Duration.ofSeconds(1));
  }

  private ClaimedDelivery claimed() {
    insert(storage(), "w9");
    publish(storage(), "e9");
    return claimOne(storage(), T0);
  }
}
