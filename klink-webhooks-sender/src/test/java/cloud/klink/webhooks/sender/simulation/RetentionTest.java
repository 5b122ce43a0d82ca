package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.SenderStoppedException;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.Purge;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is old is removed every hour, or when somebody asks, and the rest stays. */
class RetentionTest {
  private static final Duration AGE = Duration.ofHours(3);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final PurgeCalls calls = new PurgeCalls();
  private final InMemoryStorage storage = new InMemoryStorage(100_000, 100_000);
  private final SenderFixture fixture =
      new SenderFixture(calls.around(storage, this::now), b -> b.retention(AGE).pollInterval(HOUR));
  private final Instant start = now();

  private Instant now() {
    return fixture.now();
  }

  private void publishMany(int count) {
    List<Event> events = IntStream.range(0, count)
        .mapToObj(i -> Event.builder(EventName.CONTACT_CREATED)
            .id("many-" + i)
            .timestamp(now())
            .build())
        .toList();
    fixture.sender.publishAll(Environment.PRODUCTION, events);
  }

  @Test
  void retention_byTheHour_removesWhatIsOlder() {
    String old = fixture.publish();
    fixture.pass(HOUR);
    String young = fixture.publish();

    fixture.pass(AGE.minus(MINUTE.multipliedBy(2)));
    assertThat(fixture.sender.deliveries().find(old)).isEmpty();
    assertThat(fixture.delivery(young).state()).isEqualTo(DeliveryState.SUCCEEDED);

    fixture.pass(HOUR.plus(MINUTE));
    assertThat(fixture.sender.deliveries().find(young)).isEmpty();
  }

  @Test
  void retention_started_beginsWithinAMinuteAndGoesOnEveryHour() {
    fixture.pass(HOUR.multipliedBy(3).plus(MINUTE.multipliedBy(2)));

    assertThat(calls.times).hasSize(4);
    assertThat(Duration.between(start, calls.times.get(0))).isBetween(MINUTE.dividedBy(2), MINUTE);
    for (int i = 1; i < 4; i++) {
      assertThat(Duration.between(calls.times.get(i - 1), calls.times.get(i)))
          .isBetween(HOUR, HOUR.plusSeconds(1));
    }
    assertThat(calls.purges.get(3).before())
        .isBetween(
            calls.times.get(3).minus(AGE).minusMillis(1), calls.times.get(3).minus(AGE));
  }

  @Test
  void retention_much_isRemovedInBatchesWithPausesBetween() {
    publishMany(5_500);
    fixture.pass(HOUR.multipliedBy(5));

    List<Instant> times = calls.times.stream()
        .filter(time -> time.isAfter(start.plus(AGE)))
        .limit(6)
        .toList();
    for (int i = 1; i < times.size(); i++) {
      assertThat(Duration.between(times.get(i - 1), times.get(i)))
          .isBetween(Duration.ofMillis(20), Duration.ofSeconds(1));
    }
    assertThat(storage.purge(calls.purges.get(0)))
        .extracting(p -> p.deliveries())
        .isEqualTo(0L);
    assertThat(storage.body(Environment.PRODUCTION, "many-5499")).isEmpty();
  }

  @Test
  void retention_slowStorage_restsLonger() {
    publishMany(1_500);
    fixture.pass(AGE);
    calls.during = () -> fixture.pass(Duration.ofMillis(500));
    fixture.pass(HOUR);

    int last = calls.times.size() - 1;
    assertThat(Duration.between(calls.times.get(last - 1), calls.times.get(last)))
        .isBetween(Duration.ofMillis(2_500), Duration.ofMillis(2_600));
  }

  @Test
  void retention_pausedWebhook_keepsWhatItHoldsHoweverOld() {
    fixture.sender.webhooks().pause(fixture.webhook.id(), "for a month");
    String held = fixture.publish();
    fixture.pass(Duration.ofDays(30));

    assertThat(fixture.delivery(held).state()).isEqualTo(DeliveryState.WAITING);
    fixture.sender.webhooks().resume(fixture.webhook.id());
    fixture.pass(MINUTE);
    assertThat(fixture.delivery(held).state()).isEqualTo(DeliveryState.SUCCEEDED);
  }

  @Test
  void retention_failingStorage_isTriedAgainAnHourLater() {
    String old = fixture.publish();
    calls.isDown = true;
    fixture.pass(AGE.plus(HOUR));
    assertThat(calls.times).hasSize(4);
    assertThat(fixture.sender.deliveries().find(old)).isPresent();

    calls.isDown = false;
    fixture.pass(HOUR);
    assertThat(fixture.sender.deliveries().find(old)).isEmpty();
  }

  @Test
  void retention_stoppedBetweenBatches_endsAtOnce() {
    publishMany(5_500);
    fixture.pass(AGE.plusSeconds(20));
    int before = calls.times.size();
    while (calls.times.size() == before) {
      fixture.pass(Duration.ofMillis(1));
    }
    CompletableFuture<Void> stopped = fixture.sender.stop(Duration.ofSeconds(9));
    fixture.pass(Duration.ofMillis(20));

    assertThat(stopped).isDone();
    int calledBy = calls.times.size();
    fixture.pass(HOUR.multipliedBy(3));
    assertThat(calls.times).hasSize(calledBy).hasSizeLessThanOrEqualTo(before + 2);
    assertThat(storage.body(Environment.PRODUCTION, "many-5499")).isPresent();
  }

  @Test
  void retention_stoppedWithinABatch_waitsForItAndNoLongerThanTheGrace() {
    calls.during = () -> {
      CompletableFuture<Void> stopped = fixture.sender.stop(Duration.ofSeconds(5));
      fixture.pass(Duration.ofSeconds(4));
      assertThat(stopped).isNotDone();
      fixture.pass(Duration.ofSeconds(2));
      assertThat(stopped).isDone();
    };
    fixture.pass(MINUTE);

    assertThat(calls.times).hasSize(1);
    fixture.pass(AGE);
    assertThat(calls.times).hasSize(1);
  }

  @Test
  void retention_notStarted_removesNothing() {
    calls.times.clear();
    SenderFixture off = new SenderFixture(storage, b -> b.pollInterval(HOUR));
    String old = off.publish();
    off.pass(Duration.ofDays(400));

    assertThat(off.delivery(old).state()).isEqualTo(DeliveryState.SUCCEEDED);
  }

  @Test
  void purge_byCall_removesAllThatIsOld() {
    publishMany(2_500);
    fixture.pass(MINUTE);
    fixture.pass(MINUTE);
    String young = fixture.publish();
    fixture.pass(Duration.ofSeconds(1));

    assertPurges(MINUTE, 2_500);
    assertPurges(MINUTE, 0);
    assertThat(fixture.delivery(young).state()).isEqualTo(DeliveryState.SUCCEEDED);
    fixture.pass(Duration.ofSeconds(1));
    assertPurges(Duration.ZERO, 1);
  }

  private void assertPurges(Duration age, long deliveries) {
    Purge purge = fixture.sender.purge(age);
    assertThat(purge.deliveries()).isEqualTo(deliveries);
    assertThat(purge.events()).isEqualTo(deliveries);
    assertThat(purge.isDone()).isTrue();
  }

  @Test
  void purge_whileTheSenderStops_tellsThatItIsNotDone() {
    publishMany(2_500);
    fixture.pass(MINUTE);
    List<CompletableFuture<Void>> stops = new ArrayList<>();
    calls.during = () -> stops.add(fixture.sender.stop(Duration.ZERO));

    Purge result = fixture.sender.purge(Duration.ZERO);

    assertThat(result.deliveries()).isEqualTo(1_000);
    assertThat(result.events()).isZero();
    assertThat(result.isDone()).isFalse();
    assertThatThrownBy(() -> fixture.sender.purge(Duration.ZERO))
        .isInstanceOfSatisfying(
            SenderStoppedException.class,
            e -> assertThat(e.reason()).isEqualTo(SenderReason.SENDER_STOPPED));
  }

  @Test
  void purge_ageOutOfRange_isRefused() {
    assertThatThrownBy(() -> fixture.sender.purge(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("age: it must be from 0");
    assertThatThrownBy(() -> fixture.sender.purge(Duration.ofDays(36_501)))
        .isInstanceOf(IllegalArgumentException.class);
    assertPurges(Duration.ofDays(36_500), 0);
  }
}
