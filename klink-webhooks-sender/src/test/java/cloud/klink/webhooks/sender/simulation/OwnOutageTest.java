package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.listener.SenderListener;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.simulation.SenderFixture.Reply;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import cloud.klink.webhooks.sender.transport.OutgoingRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node that is cut off charges nobody for it; a dead endpoint is charged as ever. */
class OwnOutageTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Reply UNREACHABLE = Reply.failed(AttemptOutcome.UNREACHABLE);

  private final InMemoryStorage storage = new InMemoryStorage();
  private final Heard heard = new Heard();
  private final SenderFixture fixture =
      new SenderFixture(storage, builder -> builder.listener(heard));

  private static final class Heard implements SenderListener {
    private final List<Instant> begins = new ArrayList<>();
    private final List<Instant> ends = new ArrayList<>();

    @Override
    public void onOutage(Instant since) {
      begins.add(since);
    }

    @Override
    public void onOutageOver(Instant since) {
      ends.add(since);
    }
  }

  /** So many webhooks in all, each with a host of its own. */
  private void hosts(int count) {
    IntStream.range(1, count).forEach(i -> fixture.webhook("w" + i, "h" + i + ".example.com"));
  }

  private List<Attempt> attempts(String id) {
    return fixture.sender.deliveries().attempts(id);
  }

  @Test
  void manyHostsUnreachable_noneAnswers_nothingIsChargedAndAllIsSentOnceOneAnswers() {
    hosts(8);
    fixture.answer(number -> UNREACHABLE);
    List<String> ids = new ArrayList<>(fixture.publishToAll());
    fixture.pass(MINUTE);
    ids.addAll(fixture.publishToAll());
    fixture.pass(MINUTE.multipliedBy(60));

    assertThat(ids).hasSize(16).allSatisfy(id -> {
      assertThat(attempts(id)).isEmpty();
      assertThat(fixture.delivery(id).state()).isEqualTo(DeliveryState.WAITING);
    });
    assertThat(heard.begins).hasSize(1);
    assertThat(heard.ends).isEmpty();

    fixture.answer(number -> Reply.status(200));
    fixture.pass(Duration.ofSeconds(31));

    assertThat(ids).allSatisfy(id -> {
      assertThat(fixture.delivery(id).state()).isEqualTo(DeliveryState.SUCCEEDED);
      assertThat(attempts(id)).hasSize(1);
    });
    assertThat(heard.ends).isEqualTo(heard.begins);
  }

  @Test
  void cutOff_asLongAsItLasts_probesAreFewAndMoreAndMoreSeldom() {
    hosts(20);
    fixture.publishToAll();
    fixture.pass(SECOND);
    fixture.answer(number -> UNREACHABLE);
    fixture.publishToAll();
    fixture.pass(MINUTE.multipliedBy(5));

    List<Long> probes = secondsOfProbes();
    assertThat(probes)
        .startsWith(1L, 1L, 1L, 3L, 3L, 3L, 7L, 7L, 7L, 15L, 15L, 15L, 31L, 31L, 31L, 61L);
    assertThat(probes).hasSizeBetween(3 * 12, 3 * 14);
    List<String> probed = fixture.requests.stream()
        .skip(fixture.requests.size() - probes.size())
        .limit(6)
        .map(OutgoingRequest::webhookId)
        .toList();
    assertThat(probed).doesNotHaveDuplicates();
  }

  /** When probes were sent, from the beginning of the outage. */
  private List<Long> secondsOfProbes() {
    Instant begin = heard.begins.get(0);
    return fixture.starts.stream()
        .filter(start -> start.isAfter(begin))
        .map(start -> Duration.between(begin, start).toSeconds())
        .toList();
  }

  @Test
  void cutOff_nobodyHasEverAnswered_allAreProbedEachTime() {
    hosts(16);
    fixture.answer(number -> UNREACHABLE);
    fixture.publishToAll();
    fixture.pass(MINUTE);

    Map<Long, Long> probes = secondsOfProbes().stream()
        .collect(Collectors.groupingBy(second -> second, Collectors.counting()));
    assertThat(probes)
        .containsExactlyInAnyOrderEntriesOf(Map.of(1L, 16L, 3L, 16L, 7L, 16L, 15L, 16L, 31L, 16L));
  }

  @Test
  void cutOff_nobodyHasEverAnswered_probesKeepTheirRateAndReachAll() {
    hosts(400);
    fixture.answer(number -> UNREACHABLE);
    fixture.publishToAll();
    fixture.pass(Duration.ofSeconds(2 + 400 / OutagePolicy.PROBE_RATE));

    assertThat(fixture.requests.stream().map(OutgoingRequest::webhookId).distinct())
        .hasSize(400);
    assertThat(secondsOfProbes().stream()
            .collect(Collectors.groupingBy(second -> second, Collectors.counting())))
        .allSatisfy(
            (second, count) -> assertThat(count).isLessThanOrEqualTo(OutagePolicy.PROBE_RATE));
  }

  @Test
  void cutOff_amongManyDeadHosts_webhooksThatAnsweredBeforeAreProbedFirst() {
    IntStream.range(0, 50).forEach(i -> fixture.webhook("d" + i, "dead" + i + ".example.com"));
    fixture.webhook("alive", "alive.example.com");
    IntStream.range(50, 100).forEach(i -> fixture.webhook("d" + i, "dead" + i + ".example.com"));
    Reply broken = Reply.failed(AttemptOutcome.BROKEN);
    fixture.answerEach(request -> request.url().contains("alive") ? Reply.status(200) : broken);
    fixture.publishToAll();
    fixture.pass(SECOND);
    fixture.answer(number -> UNREACHABLE);
    fixture.publishToAll();
    fixture.pass(SECOND);
    assertThat(heard.begins).hasSize(1);

    fixture.answerEach(
        request -> request.url().contains("alive") ? Reply.status(200) : UNREACHABLE);
    fixture.pass(SECOND);

    assertThat(heard.ends).hasSize(1);
  }

  @Test
  void fewHostsUnreachable_noneAnswers_areChargedAfterTheWindowFromWhenTheyFailed() {
    hosts(4);
    fixture.answer(number -> UNREACHABLE);
    List<String> ids = fixture.publishToAll();
    Instant published = fixture.clock.instant();
    fixture.pass(Duration.ofMillis(4_900));
    assertThat(ids).allSatisfy(id -> assertThat(attempts(id)).isEmpty());

    fixture.pass(Duration.ofMillis(200));

    assertThat(ids).allSatisfy(id -> {
      assertThat(attempts(id)).hasSize(1);
      assertThat(attempts(id).get(0).endedAt()).isBetween(published, published.plusMillis(100));
      assertThat(fixture.delivery(id).dueAt().orElseThrow())
          .isBetween(published.plusSeconds(30), published.plusSeconds(31));
    });
    fixture.pass(MINUTE.multipliedBy(10));
    assertThat(ids).allSatisfy(id -> {
      assertThat(fixture.delivery(id).state()).isEqualTo(DeliveryState.FAILED);
      assertThat(attempts(id)).hasSize(4);
    });
    assertThat(heard.begins).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = AttemptOutcome.class,
      names = {"SUCCEEDED", "REJECTED", "CONNECTION_REFUSED", "TLS_FAILED"})
  void hostsUnreachable_anotherAnswers_areChargedAtOnce(AttemptOutcome outcome) {
    hosts(10);
    Reply answer = outcome == AttemptOutcome.SUCCEEDED
        ? Reply.status(200)
        : outcome == AttemptOutcome.REJECTED ? Reply.status(500) : Reply.failed(outcome);
    fixture.answerEach(request -> request.url().startsWith("https://example.com")
        ? new Reply(Duration.ofMillis(10), answer.result())
        : UNREACHABLE);
    List<String> ids = fixture.publishToAll();
    fixture.pass(Duration.ofMillis(100));

    assertThat(ids).allSatisfy(id -> assertThat(attempts(id)).hasSize(1));
    assertThat(heard.begins).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = AttemptOutcome.class,
      names = {"TIMED_OUT", "BROKEN"})
  void hostsUnreachable_aConnectionOfAnotherBreaks_provesNothing(AttemptOutcome outcome) {
    hosts(10);
    fixture.answerEach(request -> request.url().startsWith("https://example.com")
        ? new Reply(Duration.ofMillis(10), Reply.failed(outcome).result())
        : UNREACHABLE);
    List<String> ids = fixture.publishToAll();
    fixture.pass(Duration.ofMillis(100));

    assertThat(heard.begins).hasSize(1);
    assertThat(ids.stream().filter(id -> !attempts(id).isEmpty())).hasSize(1);
  }

  @Test
  void manyWebhooksOfOneHost_unreachable_areChargedAsEver() {
    IntStream.range(0, 20).forEach(i -> fixture.webhook("w" + i, "EXAMPLE.com:844" + i % 10));
    fixture.answer(number -> UNREACHABLE);
    List<String> ids = fixture.publishToAll();
    fixture.pass(Duration.ofSeconds(6));

    assertThat(ids).hasSize(21).allSatisfy(id -> assertThat(attempts(id)).hasSize(1));
    assertThat(heard.begins).isEmpty();
  }

  @Test
  void attemptThatBeganInTheOutage_endsUnreachableAfterIt_isNotCharged() {
    hosts(6);
    fixture.answer(number -> UNREACHABLE);
    List<String> ids = fixture.publishToAll();
    fixture.pass(Duration.ofMillis(500));
    assertThat(heard.begins).hasSize(1);
    // The first of the three probes is answered at once, the other two give up much later.
    int before = fixture.starts.size();
    fixture.answer(number -> number == before + 1
        ? Reply.status(200)
        : number <= before + 3
            ? new Reply(Duration.ofSeconds(9), UNREACHABLE.result())
            : Reply.status(200));
    fixture.pass(Duration.ofSeconds(15));

    assertThat(heard.ends).hasSize(1);
    assertThat(ids).allSatisfy(id -> {
      assertThat(attempts(id)).hasSize(1);
      assertThat(fixture.delivery(id).state()).isEqualTo(DeliveryState.SUCCEEDED);
    });
  }

  @Test
  void stop_whileFailuresAreUndecided_givesThemBackAtOnce() {
    hosts(3);
    fixture.answer(number -> UNREACHABLE);
    List<String> ids = fixture.publishToAll();
    fixture.pass(SECOND);

    var stopped = fixture.sender.stop(Duration.ofSeconds(10));
    fixture.pass(Duration.ofMillis(100));

    assertThat(stopped).isDone();
    fixture.answer(number -> Reply.status(200));
    try (WebhookSender other = fixture.another(storage, builder -> builder)) {
      other.start();
      fixture.pass(SECOND);
      assertThat(ids)
          .allSatisfy(id -> assertThat(other.deliveries().attempts(id)).hasSize(1));
      var otherStopped = other.stop(Duration.ZERO);
      fixture.pass(SECOND);
      assertThat(otherStopped).isDone();
    }
  }

  @Test
  void stop_whileCutOff_endsAtOnce() {
    hosts(8);
    fixture.answer(number -> UNREACHABLE);
    fixture.publishToAll();
    fixture.pass(Duration.ofSeconds(2));
    assertThat(heard.begins).hasSize(1);

    var stopped = fixture.sender.stop(Duration.ofSeconds(10));
    fixture.pass(Duration.ofMillis(100));

    assertThat(stopped).isDone();
  }

  @Test
  void never_whateverIsUnreachable_isChargedAtOnce() {
    SenderFixture strict =
        new SenderFixture(builder -> builder.outage(OutagePolicy.never()).listener(heard));
    IntStream.range(0, 10).forEach(i -> strict.webhook("w" + i, "h" + i + ".example.com"));
    strict.answer(number -> UNREACHABLE);
    List<String> ids = strict.publishToAll();
    strict.pass(Duration.ofMillis(100));

    assertThat(ids)
        .hasSize(11)
        .allSatisfy(id -> assertThat(strict.sender.deliveries().attempts(id)).hasSize(1));
    assertThat(heard.begins).isEmpty();
  }

  @Test
  void aThousandFailuresOfOneHost_undecided_moreAreChargedAtOnce() {
    DeliveryPolicy policy =
        DeliveryPolicy.builder().pausing(PausePolicy.never()).build();
    SenderFixture busy = new SenderFixture(builder -> builder.policy(policy));
    busy.answer(number -> UNREACHABLE);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 1_200; i++) {
      ids.add(busy.publish());
      busy.pass(Duration.ofMillis(3));
    }
    busy.pass(SECOND);

    assertThat(ids)
        .filteredOn(id -> busy.sender.deliveries().attempts(id).isEmpty())
        .hasSize(1_000);
    assertThat(busy.starts).hasSize(1_200);
  }
}
