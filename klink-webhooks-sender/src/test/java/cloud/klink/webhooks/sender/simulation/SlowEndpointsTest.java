package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.simulation.SenderFixture.Reply;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Webhooks that are slow, or hang, take nothing from others but what these do not need. */
class SlowEndpointsTest {
  private static final Duration STEP = Duration.ofMillis(100);
  private static final Duration SETTLED = Duration.ofSeconds(15);
  private static final Duration SOON = Duration.ofMillis(250);
  private static final Reply SLOW = new Reply(Duration.ofMillis(9_500), 200);
  private static final Reply HANGING = Reply.never();

  private final SenderFixture fixture = new SenderFixture(builder ->
      builder.policy(DeliveryPolicy.builder().pausing(PausePolicy.never()).build()));
  private final Webhook healthy =
      fixture.webhook(Environment.DEVELOPMENT, "Healthy", "healthy.example.com");
  private final Map<String, Integer> begun = new HashMap<>();
  private final List<Instant> published = new ArrayList<>();

  /** Whether the slow ones have hosts of their own or share one with the healthy one. */
  enum Hosts {
    MANY,
    ONE,
    THE_SAME
  }

  enum Trouble {
    SLOW,
    HANGING,
    ALTERNATING
  }

  private void slow(int count, Hosts hosts) {
    IntFunction<String> host = switch (hosts) {
      case MANY -> i -> "slow" + i + ".example.net";
      case ONE -> i -> "slow.example.net";
      case THE_SAME -> i -> "healthy.example.com";
    };
    IntStream.range(1, count).forEach(i -> fixture.webhook("slow" + i, host.apply(i)));
    // One more is the stage's own.
  }

  private void answer(Trouble trouble) {
    fixture.answerEach(request -> {
      if (request.webhookId().equals(healthy.id())) {
        return Reply.status(200);
      }
      int count = begun.merge(request.webhookId(), 1, Integer::sum);
      return switch (trouble) {
        case SLOW -> SLOW;
        case HANGING -> HANGING;
        case ALTERNATING -> count % 12 < 10 ? Reply.status(200) : HANGING;
      };
    });
  }

  /** Publishes for the healthy one ten times a second. */
  private void publishFor(Duration time) {
    for (Duration at = Duration.ZERO; at.compareTo(time) < 0; at = at.plus(STEP)) {
      published.add(fixture.now());
      fixture.publishToAll(Environment.DEVELOPMENT);
      fixture.pass(STEP);
    }
  }

  /** How long each event waited, of those that were published from a time on. */
  private List<Duration> waits(Instant from) {
    List<Instant> starts = IntStream.range(0, fixture.starts.size())
        .filter(i -> fixture.requests.get(i).webhookId().equals(healthy.id()))
        .mapToObj(fixture.starts::get)
        .toList();
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < published.size(); i++) {
      if (!published.get(i).isBefore(from)) {
        waits.add(
            i < starts.size()
                ? Duration.between(published.get(i), starts.get(i))
                : Duration.ofDays(1));
      }
    }
    return waits;
  }

  private static Duration percentile(List<Duration> waits, int percent) {
    return waits.stream().sorted().toList().get((waits.size() - 1) * percent / 100);
  }

  @ParameterizedTest
  @CsvSource({
    "7, MANY, SLOW",
    "7, ONE, HANGING",
    "100, MANY, SLOW",
    "100, MANY, HANGING",
    "100, ONE, SLOW",
    "100, THE_SAME, HANGING",
    "100, THE_SAME, SLOW",
    "1000, MANY, HANGING"
  })
  void healthy_besideSlowOnesWithABacklog_beginsWithin250Milliseconds(
      int count, Hosts hosts, Trouble trouble) {
    slow(count, hosts);
    answer(trouble);
    fixture.publish(60);
    Instant start = fixture.now();
    publishFor(Duration.ofSeconds(75));

    assertThat(percentile(waits(start.plus(SETTLED)), 99)).isLessThan(SOON);
  }

  @Test
  void healthy_besideOnesThatAreQuickAndHangInTurns_beginsWithin250MillisecondsInTheEnd() {
    slow(100, Hosts.MANY);
    answer(Trouble.ALTERNATING);
    fixture.publish(60);
    Instant start = fixture.now();
    publishFor(Duration.ofMinutes(2));

    assertThat(percentile(waits(start.plus(SETTLED.multipliedBy(2))), 99)).isLessThan(SOON);
  }

  @Test
  void newcomer_besideSlowOnes_beginsAtOnce() {
    slow(100, Hosts.MANY);
    answer(Trouble.HANGING);
    fixture.publish(60);
    fixture.pass(Duration.ofSeconds(33));
    Instant start = fixture.now();
    publishFor(Duration.ofSeconds(10));

    assertThat(percentile(waits(start), 100)).isLessThan(SOON);
  }
}
