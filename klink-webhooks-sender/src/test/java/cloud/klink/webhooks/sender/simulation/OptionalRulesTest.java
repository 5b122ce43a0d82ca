package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.simulation.SenderFixture.Reply;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is off by default, in a sender that has it on: 410 Gone, Retry-After, jitter. */
class OptionalRulesTest {
  private static final DeliveryPolicy POLICY = DeliveryPolicy.builder()
      .pausesWhenGone(true)
      .maxRetryAfter(Duration.ofMinutes(2))
      .build();
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final SenderFixture fixture = new SenderFixture(builder -> builder.policy(POLICY));

  private Optional<Pause> pause() {
    return fixture.reread().orElseThrow().pause();
  }

  @Test
  void gone_answered_pausesTheWebhookAndHoldsTheDeliveryForItsRetry() {
    fixture.answer(number -> Reply.status(410));
    String id = fixture.publish();
    fixture.pass(SECOND);

    assertThat(pause().orElseThrow().cause()).isEqualTo(PauseCause.GONE);
    assertThat(pause().orElseThrow().reason()).contains("410");
    fixture.pass(Duration.ofHours(1));
    assertThat(fixture.starts).hasSize(1);
    assertThat(fixture.delivery(id).state()).isEqualTo(DeliveryState.WAITING);

    fixture.answer(number -> Reply.status(200));
    fixture.sender.webhooks().resume(fixture.webhook.id());
    fixture.pass(SECOND);

    assertThat(pause()).isEmpty();
    assertThat(fixture.delivery(id).state()).isEqualTo(DeliveryState.SUCCEEDED);
    assertThat(fixture.delivery(id).attempts()).isEqualTo(2);
  }

  @Test
  void gone_answeredToAnAttemptFromBeforeTheResume_doesNotPauseAgain() {
    fixture.answer(number -> number == 1 ? Reply.status(410) : new Reply(SECOND, 200));
    fixture.publish();
    fixture.pass(Duration.ofMillis(100));
    assertThat(pause()).isPresent();

    fixture.sender.webhooks().resume(fixture.webhook.id());
    fixture.pass(Duration.ofMinutes(2));

    assertThat(pause()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"200", "404", "409", "411", "500"})
  void otherStatus_answered_doesNotPause(int status) {
    fixture.answer(number -> Reply.status(status));
    fixture.publish();
    fixture.pass(Duration.ofMinutes(5));

    assertThat(pause()).isEmpty();
  }

  @Test
  void gone_withoutTheSetting_isAFailureLikeAnyOther() {
    SenderFixture plain = new SenderFixture();
    plain.answer(number -> Reply.status(410));
    String id = plain.publish();
    plain.pass(Duration.ofMinutes(5));

    assertThat(plain.reread().orElseThrow().isPaused()).isFalse();
    assertThat(plain.delivery(id).state()).isEqualTo(DeliveryState.FAILED);
    assertThat(plain.delivery(id).attempts()).isEqualTo(4);
  }

  @Test
  void gone_whateverThePausePolicy_pauses() {
    SenderFixture never = new SenderFixture(builder ->
        builder.policy(POLICY.toBuilder().pausing(PausePolicy.never()).build()));
    never.answer(number -> Reply.status(410));
    never.publish();
    never.pass(SECOND);

    assertThat(never.reread().orElseThrow().pause().orElseThrow().cause())
        .isEqualTo(PauseCause.GONE);
  }

  @ParameterizedTest
  @CsvSource({"0, 30", "10, 30", "45, 45", "120, 120", "100000, 120"})
  void retryAfter_ofSoManySeconds_putsTheRetryOffSoFar(int asked, int expected) {
    fixture.answer(number -> new Reply(
        Duration.ofMillis(20),
        AttemptResult.answered(503, new byte[0]).withRetryAfter(Duration.ofSeconds(asked))));
    fixture.publish();
    fixture.pass(Duration.ofSeconds(expected));
    assertThat(fixture.starts).hasSize(1);
    fixture.pass(SECOND);

    assertThat(fixture.starts).hasSize(2);
  }

  @Test
  void jitter_ofManyFailedTogether_spreadsTheirRetriesAndEachComesWhenItIsDue() {
    SenderFixture spread = new SenderFixture(
        builder -> builder.policy(POLICY.toBuilder().jitter(0.5).build()));
    spread.answer(number -> Reply.status(number <= 40 ? 500 : 200));
    List<String> ids = IntStream.range(0, 40).mapToObj(i -> spread.publish()).toList();
    spread.pass(Duration.ofSeconds(10));
    Map<String, Instant> due = new HashMap<>();
    ids.forEach(id -> due.put(id, spread.delivery(id).dueAt().orElseThrow()));
    Instant failed = spread.starts.get(0).plusMillis(20);
    spread.pass(Duration.ofSeconds(40));

    assertThat(spread.starts).hasSize(80);
    for (int i = 40; i < 80; i++) {
      Instant dueAt = due.get(spread.requests.get(i).deliveryId());
      assertThat(spread.starts.get(i)).isBetween(dueAt, dueAt.plusMillis(5));
      assertThat(spread.starts.get(i)).isBetween(failed.plusSeconds(15), failed.plusSeconds(46));
    }
    assertThat(new HashSet<>(due.values())).hasSize(40);
  }
}
