package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.simulation.SenderFixture.Reply;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Each sentence of the product page's "Error handling" and "Retry mechanism", in the words of the
 * page, with the sender's defaults. Its sentences about firewalls and the outbound address are for
 * receivers, whose library checks them.
 */
class ProductPageTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final SenderFixture fixture = new SenderFixture();

  // --- Error handling

  @Test
  void ifYourEndpointDoesNotReturn2xx_theDeliveryIsRecordedAsAFailure() {
    List<Integer> statuses = List.of(100, 199, 300, 302, 304, 400, 404, 429, 500, 503, 599);
    for (int status : statuses) {
      fixture.answer(number -> Reply.status(status));
      String id = fixture.publish();
      fixture.pass(SECOND);

      assertThat(fixture.sender.deliveries().attempts(id)).hasSize(1).allSatisfy(attempt -> {
        assertThat(attempt.result().succeeded()).isFalse();
        assertThat(attempt.result().status()).hasValue(status);
      });
      assertThat(fixture.delivery(id).state()).isEqualTo(DeliveryState.WAITING);
    }
  }

  @Test
  void ifYourEndpointReturns2xx_theDeliveryIsASuccess() {
    for (int status : List.of(200, 201, 202, 204, 226, 299)) {
      fixture.answer(number -> Reply.status(status));
      String id = fixture.publish();
      fixture.pass(SECOND);

      assertThat(fixture.delivery(id).state()).isEqualTo(DeliveryState.SUCCEEDED);
      assertThat(fixture.delivery(id).attempts()).isEqualTo(1);
    }
  }

  @Test
  void orDoesNotRespondAtAll_theDeliveryIsRecordedAsAFailure() {
    fixture.answer(number -> Reply.never());
    String id = fixture.publish();
    fixture.pass(Duration.ofSeconds(11));

    assertThat(fixture.sender.deliveries().attempts(id)).hasSize(1).allSatisfy(attempt -> {
      assertThat(attempt.result().succeeded()).isFalse();
      assertThat(attempt.result().status()).isEmpty();
      assertThat(attempt.result().error()).isNotEmpty();
    });
  }

  @Test
  void ifAWebhookAccumulatesMoreThan50FailuresIn1Hour_itIsAutomaticallyPaused() {
    fixture.answer(number -> Reply.status(500));
    fail(12, 4);
    fail(1, 2);
    assertThat(isPaused()).isFalse();

    fixture.pass(Duration.ofSeconds(60));

    assertThat(fixture.starts).hasSize(51);
    Pause pause = fixture.reread().orElseThrow().pause().orElseThrow();
    assertThat(pause.cause()).isEqualTo(PauseCause.FAILURES);
    assertThat(pause.reason()).contains("50");
  }

  @Test
  void ifAWebhookAccumulates50FailuresIn1Hour_itIsNotPaused() {
    fixture.answer(number -> Reply.status(number <= 50 ? 500 : 200));
    fail(12, 4);
    fail(1, 2);
    fixture.pass(Duration.ofMinutes(5));

    assertThat(fixture.starts).hasSize(51);
    assertThat(isPaused()).isFalse();
  }

  @Test
  void ifAWebhookAccumulatesMoreThan50FailuresInMoreThan1Hour_itIsNotPaused() {
    fixture.answer(number -> Reply.status(500));
    for (int i = 0; i < 6; i++) {
      fail(12, 4);
      fixture.pass(HOUR);
    }

    assertThat(fixture.starts).hasSize(6 * 48);
    assertThat(isPaused()).isFalse();
  }

  @Test
  void youWillNeedToReEnableItAfterInvestigating_itStaysPausedUntilThenAndHoldsWhatComes() {
    fixture.answer(number -> Reply.status(500));
    fail(13, 4);
    int before = fixture.starts.size();
    assertThat(isPaused()).isTrue();
    String held = fixture.publish();
    fixture.pass(HOUR.multipliedBy(48));
    assertThat(fixture.starts).hasSize(before);
    assertThat(isPaused()).isTrue();

    fixture.answer(number -> Reply.status(200));
    Webhook resumed = fixture.sender.webhooks().resume(fixture.webhook.id());
    fixture.pass(SECOND);

    assertThat(resumed.isPaused()).isFalse();
    assertThat(fixture.delivery(held).state()).isEqualTo(DeliveryState.SUCCEEDED);
    assertThat(fixture
            .sender
            .deliveries()
            .search(DeliveryQuery.builder().webhook(fixture.webhook.id()).build())
            .deliveries())
        .noneMatch(delivery -> delivery.state() == DeliveryState.WAITING);
  }

  // --- Retry mechanism

  @Test
  void ifADeliveryDoesNotYieldAnHttp2xx_itIsRetriedUpTo3TimesAtIntervalsOf30And60And90Seconds() {
    fixture.answer(number -> Reply.status(500));
    String id = fixture.publish();
    fixture.pass(HOUR);

    assertThat(intervals(fixture.sender.deliveries().attempts(id)))
        .containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(90));
    assertThat(fixture.starts).hasSize(4);
  }

  @Test
  void ifADeliveryDoesNotYieldAnHttp2xxWithin10Seconds_itIsRetried() {
    fixture.answer(number -> new Reply(Duration.ofMillis(number == 1 ? 10_001 : 10_000), 200));
    String id = fixture.publish();
    fixture.pass(HOUR);

    List<Attempt> attempts = fixture.sender.deliveries().attempts(id);
    assertThat(attempts).hasSize(2);
    assertThat(attempts.get(0).result().succeeded()).isFalse();
    assertThat(attempts.get(0).duration()).isEqualTo(Duration.ofSeconds(10));
    assertThat(attempts.get(1).result().succeeded()).isTrue();
    assertThat(intervals(attempts)).containsExactly(Duration.ofSeconds(30));
  }

  @Test
  void ifADeliveryYieldsAnHttp2xxAtTheThirdRetry_itIsASuccess() {
    fixture.answer(number -> number < 4 ? Reply.never() : Reply.status(204));
    String id = fixture.publish();
    fixture.pass(HOUR);

    assertThat(fixture.delivery(id).state()).isEqualTo(DeliveryState.SUCCEEDED);
    assertThat(fixture.delivery(id).attempts()).isEqualTo(4);
  }

  @Test
  void theDeliveryIsMarkedAsPermanentlyFailedIfNo2xxArrivesAfterTheThirdRetry() {
    fixture.answer(number -> number % 2 == 0 ? Reply.never() : Reply.status(404));
    String id = fixture.publish();
    fixture.pass(Duration.ofSeconds(20 + 180 - 1));
    assertThat(fixture.delivery(id).state()).isEqualTo(DeliveryState.WAITING);

    fixture.pass(HOUR.multipliedBy(24));

    assertThat(fixture.delivery(id).state()).isEqualTo(DeliveryState.FAILED);
    assertThat(fixture.delivery(id).dueAt()).isEmpty();
    assertThat(fixture.starts).hasSize(4);
  }

  /** So many deliveries, and time for so many attempts of each. */
  private void fail(int deliveries, int attempts) {
    IntStream.range(0, deliveries).forEach(i -> fixture.publish());
    Duration time = IntStream.range(1, attempts)
        .mapToObj(retry -> Duration.ofSeconds(30L * retry))
        .reduce(SECOND.multipliedBy(10), Duration::plus);
    fixture.pass(time);
  }

  private boolean isPaused() {
    return fixture.reread().orElseThrow().isPaused();
  }

  /** From the end of each attempt to the start of the next; to the millisecond. */
  private static List<Duration> intervals(List<Attempt> attempts) {
    return IntStream.range(1, attempts.size())
        .mapToObj(i -> {
          Instant end = attempts.get(i - 1).endedAt();
          long micros = Duration.between(end, attempts.get(i).startedAt()).toNanos() / 1_000;
          return Duration.ofMillis(micros / 1_000);
        })
        .toList();
  }

  @Test
  void retry_ofASeldomPollingSender_comesOnTime() {
    SenderFixture seldom = new SenderFixture(builder -> builder.pollInterval(Duration.ofHours(1)));
    seldom.answer(number -> Reply.status(number == 1 ? 500 : 200));
    seldom.publish();

    seldom.pass(Duration.ofMinutes(1));

    assertThat(seldom.starts).hasSize(2);
    Duration between = Duration.between(seldom.starts.get(0), seldom.starts.get(1));
    assertThat(between).isBetween(Duration.ofSeconds(30), Duration.ofMillis(30_100));
  }
}
