package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.WebhookSenderBuilder;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.simulation.SenderFixture.Reply;
import cloud.klink.webhooks.sender.storage.memory.InMemoryStorage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Webhooks that a node has never tried do not wait for those that hang, which it has not tried
 * either: many healthy ones beside many slow ones, on a node that has just started.
 */
class UntriedEndpointsTest {
  private static final int HEALTHY = 100;
  private static final int BACKLOG = 60;
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Duration SETTLED = Duration.ofSeconds(15);
  private static final Duration SOON = Duration.ofMillis(250);
  private static final Reply SLOW = new Reply(Duration.ofMillis(9_500), 200);
  private static final Reply HANGING = Reply.never();

  private final InMemoryStorage storage = new InMemoryStorage();
  private final SenderFixture fixture = new SenderFixture(storage, UntriedEndpointsTest::settings);
  private final WebhookSender node = fixture.another(storage, UntriedEndpointsTest::settings);
  private final Map<String, Instant> published = new HashMap<>();

  /** Whether the webhooks have a host each or share one. */
  enum Hosts {
    MANY,
    ONE
  }

  /** When the backlog of the slow ones is published. */
  enum Backlog {
    BEFORE_THE_START,
    AFTER_THE_START
  }

  private static WebhookSenderBuilder settings(WebhookSenderBuilder builder) {
    return builder.policy(DeliveryPolicy.builder().pausing(PausePolicy.never()).build());
  }

  /** Creates webhooks, and tells their ids. */
  private Set<String> webhooks(Environment environment, String name, int count, Hosts hosts) {
    return IntStream.range(0, count)
        .mapToObj(i -> fixture
            .webhook(
                environment,
                name + i,
                hosts == Hosts.ONE ? "all.example.net" : name + i + ".example.net")
            .id())
        .collect(Collectors.toSet());
  }

  private Event event() {
    return Event.builder(EventName.CONTACT_CREATED).timestamp(fixture.now()).build();
  }

  /** The node takes the place of the one that the fixture starts. */
  private Instant start() {
    CompletableFuture<Void> unused = fixture.sender.stop(Duration.ZERO);
    fixture.pass(Duration.ofSeconds(1));
    node.start();
    return fixture.now();
  }

  private void publishBacklog() {
    node.publishAll(Environment.PRODUCTION, Collections.nCopies(BACKLOG, event()));
  }

  private void publishFor(Duration time) {
    for (Duration at = Duration.ZERO; at.compareTo(time) < 0; at = at.plus(PERIOD)) {
      node.publish(Environment.DEVELOPMENT, event())
          .deliveryIds()
          .forEach(id -> published.put(id, fixture.now()));
      fixture.pass(PERIOD);
    }
  }

  /** When each webhook was tried first. */
  private Map<String, Instant> firstStarts() {
    Map<String, Instant> first = new HashMap<>();
    IntStream.range(0, fixture.requests.size())
        .forEach(
            i -> first.putIfAbsent(fixture.requests.get(i).webhookId(), fixture.starts.get(i)));
    return first;
  }

  /** How long each delivery waited, of those that were published from a time on. */
  private List<Duration> waits(Instant from) {
    Map<String, Instant> starts = new HashMap<>();
    IntStream.range(0, fixture.requests.size())
        .forEach(
            i -> starts.putIfAbsent(fixture.requests.get(i).deliveryId(), fixture.starts.get(i)));
    List<Duration> waits = new ArrayList<>();
    published.forEach((id, at) -> {
      if (!at.isBefore(from)) {
        waits.add(Duration.between(at, starts.getOrDefault(id, Instant.MAX)));
      }
    });
    return waits;
  }

  @ParameterizedTest
  @CsvSource({
    "100, MANY, 9500, BEFORE_THE_START",
    "100, ONE, 9500, BEFORE_THE_START",
    "100, MANY, 86400000, BEFORE_THE_START",
    "100, ONE, 86400000, AFTER_THE_START",
    "100, MANY, 86400000, AFTER_THE_START",
    "1000, MANY, 86400000, BEFORE_THE_START",
    "1000, MANY, 86400000, AFTER_THE_START"
  })
  void healthyOnes_besideSlowOnesWithABacklog_areTriedWithin3SecondsAndBeginSoonAfter15(
      int count, Hosts hosts, long millis, Backlog backlog) {
    Set<String> healthy = webhooks(Environment.DEVELOPMENT, "healthy", HEALTHY, hosts);
    webhooks(Environment.PRODUCTION, "slow", count, hosts);
    Reply slow = millis < HANGING.after().toMillis() ? SLOW : HANGING;
    fixture.answerEach(request -> healthy.contains(request.webhookId()) ? Reply.status(200) : slow);
    if (backlog == Backlog.BEFORE_THE_START) {
      publishBacklog();
    }
    Instant start = start();
    if (backlog == Backlog.AFTER_THE_START) {
      publishBacklog();
    }
    publishFor(Duration.ofSeconds(40));

    Map<String, Instant> first = firstStarts();
    assertThat(healthy).allSatisfy(id -> assertThat(first.get(id)).isBefore(start.plusSeconds(3)));
    List<Duration> waits = waits(start.plus(SETTLED));
    assertThat(waits.stream().sorted().toList().get(waits.size() * 99 / 100)).isLessThan(SOON);
  }

  /**
   * The node cannot know whom to try first: 100 that hang for 10 seconds take (10 + 2) / 36 each.
   */
  @Test
  void all_ifAllHaveWaitedForTheStart_areTriedWithin34Seconds() {
    Set<String> healthy = webhooks(Environment.PRODUCTION, "healthy", HEALTHY, Hosts.MANY);
    webhooks(Environment.PRODUCTION, "hanging", 100, Hosts.MANY);
    fixture.answerEach(
        request -> healthy.contains(request.webhookId()) ? Reply.status(200) : HANGING);
    publishBacklog();
    Instant start = start();
    fixture.pass(Duration.ofMinutes(1));

    assertThat(firstStarts().values())
        .hasSize(HEALTHY + 101) // and the fixture's own
        .allSatisfy(first -> assertThat(first).isBefore(start.plusSeconds(34)));
  }

  @Test
  void slowOne_whileManyWaitToBeTried_getsOn() {
    Set<String> slow = webhooks(Environment.PRODUCTION, "slow", 1, Hosts.MANY);
    webhooks(Environment.PRODUCTION, "hanging", 1_000, Hosts.MANY);
    Reply twoSeconds = new Reply(Duration.ofSeconds(2), 200);
    fixture.answerEach(request -> slow.contains(request.webhookId()) ? twoSeconds : HANGING);
    publishBacklog();
    start();
    fixture.pass(Duration.ofMinutes(2));
    Instant since = fixture.now();
    fixture.pass(Duration.ofMinutes(2));

    assertThat(firstStarts()).hasSizeLessThan(1_000);
    assertThat(IntStream.range(0, fixture.starts.size())
            .filter(i -> fixture.starts.get(i).isAfter(since))
            .filter(i -> slow.contains(fixture.requests.get(i).webhookId())))
        .hasSizeGreaterThan(1);
  }
}
