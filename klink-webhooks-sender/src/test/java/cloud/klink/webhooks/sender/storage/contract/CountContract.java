package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.TICK;
import static cloud.klink.webhooks.sender.storage.contract.Samples.event;
import static cloud.klink.webhooks.sender.storage.contract.Samples.insert;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publish;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.delivery.Count;
import cloud.klink.webhooks.sender.delivery.CountQuery;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Counts are those of a list that is gone through. */
public interface CountContract extends StorageUnderTest {

  @Test
  default void count_anyQuery_givesWhatAListHas() {
    List<Delivery> all = History.of(storage(), 5).deliveries();
    Random random = new Random(6);
    List<Optional<String>> webhooks = new ArrayList<>(List.of(Optional.empty(), Optional.empty()));
    History.WEBHOOKS.forEach(id -> webhooks.add(Optional.of(id)));
    long counted = 0;

    for (int i = 0; i < 120; i++) {
      Instant from =
          T0.plusSeconds(random.nextInt(4) - 2).plus(TICK.multipliedBy(random.nextInt(4)));
      CountQuery query = new CountQuery(
          random.nextBoolean() ? Environment.PRODUCTION : Environment.DEVELOPMENT,
          webhooks.get(random.nextInt(webhooks.size())),
          from,
          from.plus(TICK.multipliedBy(1 + random.nextInt(12_000_000))),
          Duration.ofSeconds(1).plus(TICK.multipliedBy(random.nextInt(2_000_000))));
      List<Count> counts = otherNode().count(query);

      assertThat(counts).containsExactlyInAnyOrderElementsOf(counts(query, all));
      assertThat(counts).extracting(Count::start).isSorted();
      counted += counts.stream().mapToLong(Count::deliveries).sum();
    }
    assertThat(counted).isGreaterThan(1_000);
  }

  private static List<Count> counts(CountQuery query, List<Delivery> all) {
    List<Count> counts = new ArrayList<>();
    for (Delivery one : all) {
      if (one.environment() == query.environment()
          && query.webhookId().map(one.webhookId()::equals).orElse(true)
          && !one.createdAt().isBefore(query.from())
          && one.createdAt().isBefore(query.to())) {
        Instant start = query.from();
        while (!start.plus(query.bucket()).isAfter(one.createdAt())) {
          start = start.plus(query.bucket());
        }
        Count more = new Count(start, one.state(), one.lastStatusClass(), 1);
        int same = -1;
        for (int i = 0; i < counts.size(); i++) {
          Count count = counts.get(i);
          if (count.start().equals(start)
              && count.state() == more.state()
              && count.statusClass().equals(more.statusClass())) {
            same = i;
          }
        }
        if (same < 0) {
          counts.add(more);
        } else {
          long sum = counts.get(same).deliveries() + 1;
          counts.set(same, new Count(start, more.state(), more.statusClass(), sum));
        }
      }
    }
    return counts;
  }

  @Test
  default void count_atTheEdgesOfBuckets_isToTheMicrosecond() {
    insert(storage(), "w1");
    Duration bucket = Duration.ofSeconds(10);
    for (Instant at : List.of(
        T0.minus(TICK),
        T0,
        T0.plus(bucket).minus(TICK),
        T0.plus(bucket),
        T0.plus(bucket.multipliedBy(3)).minus(TICK),
        T0.plus(bucket.multipliedBy(3)))) {
      publish(storage(), event("e" + at, at));
    }

    assertThat(storage()
            .count(new CountQuery(
                Environment.PRODUCTION,
                Optional.of("w1"),
                T0,
                T0.plus(bucket.multipliedBy(3)),
                bucket)))
        .containsExactly(
            waiting(T0, 2),
            waiting(T0.plus(bucket), 1),
            waiting(T0.plus(bucket.multipliedBy(2)), 1));
  }

  private static Count waiting(Instant start, long deliveries) {
    return new Count(start, DeliveryState.WAITING, Optional.empty(), deliveries);
  }

  @Test
  default void count_beforeTheEpoch_isTheSame() {
    insert(storage(), "w1");
    Instant from = Instant.parse("1969-12-31T23:59:58.5Z");
    for (String at : List.of("1969-12-31T23:59:59.499999Z", "1969-12-31T23:59:59.5Z")) {
      publish(storage(), event("e" + at, Instant.parse(at)));
    }

    assertThat(storage()
            .count(new CountQuery(
                Environment.PRODUCTION,
                Optional.empty(),
                from,
                from.plusSeconds(5),
                Duration.ofSeconds(1))))
        .containsExactly(waiting(from, 1), waiting(from.plusSeconds(1), 1));
  }

  @Test
  default void count_bucketLongerThanAllTime_isOne() {
    insert(storage(), "w1");
    publish(storage(), event("e1"));
    Instant from = Instant.parse("0001-01-01T00:00:00Z");
    Instant to = Instant.parse("9999-12-31T00:00:00Z");

    assertThat(storage()
            .count(new CountQuery(
                Environment.PRODUCTION,
                Optional.empty(),
                from,
                to,
                Duration.ofSeconds(Long.MAX_VALUE))))
        .containsExactly(waiting(from, 1));
  }

  @Test
  default void count_textThatNobodyHas_isNone() {
    History.of(storage(), 7);

    for (String id : List.of("", "\0", "w1\0", "\uD800", "%")) {
      assertThat(storage()
              .count(new CountQuery(
                  Environment.PRODUCTION,
                  Optional.of(id),
                  T0,
                  T0.plusSeconds(9),
                  Duration.ofSeconds(1))))
          .isEmpty();
    }
  }
}
