package cloud.klink.webhooks.sender.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
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
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Living and dead hosts together, with this node's network and without it: the living are neither
 * charged nor held up, and the dead are not spared.
 */
class DeadBesideLivingTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Of four attempts, the retries after 30, 60 and 90 s, and time for the attempts themselves. */
  private static final Duration SCHEDULE = Duration.ofSeconds(30 + 60 + 90 + 2);

  private static final DeliveryPolicy NEVER_PAUSED =
      DeliveryPolicy.builder().pausing(PausePolicy.never()).build();

  private final InMemoryStorage storage = new InMemoryStorage();
  private final Outages outages = new Outages();
  private final SenderFixture fixture =
      new SenderFixture(storage, builder -> builder.policy(NEVER_PAUSED).listener(outages));

  /** Hosts that fail at the moment, whatever the network does. */
  private final Set<String> dead = new HashSet<>();

  private Reply failure = Reply.failed(AttemptOutcome.UNREACHABLE);
  private Predicate<OutgoingRequest> network = request -> true;

  DeadBesideLivingTest() {
    fixture.answerEach(request -> !network.test(request) || dead.contains(host(request.url()))
        ? failure
        : new Reply(Duration.ofMillis(100), 200));
  }

  private static final class Outages implements SenderListener {
    private int count;
    private int over;

    @Override
    public void onOutage(Instant since) {
      count++;
    }

    @Override
    public void onOutageOver(Instant since) {
      over++;
    }
  }

  private static String host(String url) {
    return url.substring("https://".length(), url.indexOf('/', "https://".length()));
  }

  private void living(int count) {
    for (int i = 1; i < count; i++) {
      fixture.webhook("living " + i, "h" + i + ".example.com");
    }
  }

  private void dead(int count) {
    for (int i = 0; i < count; i++) {
      fixture.webhook("dead " + i, "d" + i + ".example.com");
      dead.add("d" + i + ".example.com");
    }
  }

  private boolean isDead(String deliveryId) {
    String webhookId = fixture.delivery(deliveryId).webhookId();
    Webhook webhook = fixture.sender.webhooks().get(webhookId).orElseThrow();
    return dead.contains(host(webhook.url()));
  }

  private List<Attempt> attempts(String id) {
    return fixture.sender.deliveries().attempts(id);
  }

  private void assertDeliveredWithin(Duration time, String id, Instant published) {
    assertThat(fixture.delivery(id).state()).as(id).isEqualTo(DeliveryState.SUCCEEDED);
    assertThat(attempts(id)).hasSize(1);
    assertThat(Duration.between(published, attempts(id).get(0).startedAt()))
        .isLessThanOrEqualTo(time);
  }

  private void assertExhaustedWithin(Duration time, String id, Instant published) {
    assertThat(fixture.delivery(id).state()).as(id).isEqualTo(DeliveryState.FAILED);
    assertThat(attempts(id)).hasSize(4);
    assertThat(Duration.between(published, attempts(id).get(3).endedAt()))
        .isLessThanOrEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void fiveLapsedDomainsAndOneLivingHost_onAQuietNode_livingBeginsAtOnceAndDeadAreExhausted(
      boolean answeredBefore) {
    dead(5);
    if (answeredBefore) {
      Set<String> lapsing = Set.copyOf(dead);
      dead.clear();
      fixture.publishToAll();
      fixture.pass(MINUTE);
      dead.addAll(lapsing);
    }
    List<String> ids = new ArrayList<>();
    List<Instant> times = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      List<String> published = fixture.publishToAll();
      published.forEach(id -> times.add(fixture.now()));
      ids.addAll(published);
      fixture.pass(Duration.ofSeconds(45));
    }
    fixture.pass(MINUTE.multipliedBy(4));

    for (int i = 0; i < ids.size(); i++) {
      if (isDead(ids.get(i))) {
        assertExhaustedWithin(SCHEDULE, ids.get(i), times.get(i));
      } else {
        assertDeliveredWithin(SECOND, ids.get(i), times.get(i));
      }
    }
    assertThat(outages.count).isLessThanOrEqualTo(1);
    assertThat(outages.over).isEqualTo(outages.count);
  }

  @Test
  void twoHundredDeadWebhooks_besideSixtyDeliveriesASecond_allOfThemBeginWithinASecond() {
    living(60);
    dead(200);
    List<String> ids = new ArrayList<>();
    List<Instant> times = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      List<String> published = fixture.publishToAll();
      published.forEach(id -> times.add(fixture.now()));
      ids.addAll(published);
      fixture.pass(SECOND);
    }
    fixture.pass(SCHEDULE);

    for (int i = 0; i < ids.size(); i++) {
      if (isDead(ids.get(i))) {
        assertExhaustedWithin(SCHEDULE.plus(SECOND), ids.get(i), times.get(i));
      } else {
        assertDeliveredWithin(SECOND, ids.get(i), times.get(i));
      }
    }
    assertThat(outages.count).isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1_000, 3_000})
  void freshNode_deadAndOneLivingWebhookWait_livingBeginsAsSoonAsTheProbingRateLets(int count) {
    dead(count);
    CompletableFuture<Void> unused = fixture.sender.stop(Duration.ZERO);
    fixture.pass(SECOND);
    try (WebhookSender fresh = fixture.another(storage, builder -> builder.listener(outages))) {
      fresh.publish(
          Environment.PRODUCTION,
          Event.builder(EventName.CONTACT_CREATED).timestamp(fixture.now()).build());
      Instant started = fixture.now();
      fresh.start();
      fixture.pass(Duration.ofSeconds(2 + count / OutagePolicy.PROBE_RATE));

      assertThat(fixture.requests)
          .extracting(OutgoingRequest::webhookId)
          .contains(fixture.webhook.id());
      assertThat(outages.count).isEqualTo(1);
      assertThat(outages.over).isEqualTo(1);
      fixture.pass(SCHEDULE.plus(SECOND.multipliedBy(5)));
      assertThat(fixture.requests).hasSize(1 + countOfAttempts(count, started));
      CompletableFuture<Void> unusedStop = fresh.stop(Duration.ZERO);
      fixture.pass(SECOND);
    }
  }

  /** Each dead one has four attempts, and before them at most one that was spared. */
  private int countOfAttempts(int count, Instant started) {
    List<OutgoingRequest> atDead = fixture.requests.stream()
        .filter(request -> !request.webhookId().equals(fixture.webhook.id()))
        .toList();
    assertThat(atDead).hasSizeBetween(4 * count, 5 * count);
    assertThat(fixture.starts.get(fixture.starts.size() - 1)).isAfter(started);
    return atDead.size();
  }

  @Test
  void outage_moreDeadWebhooksThanAreRemembered_oneThatAnsweredBeginsAtOnce() {
    fixture.publishToAll();
    fixture.pass(SECOND);
    dead(1_500);
    dead.add("example.com");
    fixture.publishToAll();
    fixture.pass(SECOND.multipliedBy(20));
    dead.remove("example.com");
    Webhook other = fixture.webhook("other", "other.example.com");
    assertThat(outages.over).isZero();

    network = request -> !request.webhookId().equals(other.id());
    List<String> ids = fixture.publishToAll();
    fixture.pass(MINUTE);

    assertThat(outages.count).isEqualTo(1);
    assertThat(outages.over).isEqualTo(1);
    String living = ids.stream()
        .filter(id -> fixture.delivery(id).webhookId().equals(fixture.webhook.id()))
        .findFirst()
        .orElseThrow();
    assertThat(fixture.delivery(living).state()).isEqualTo(DeliveryState.SUCCEEDED);
  }

  @Test
  void outage_webhookThatDidNotFailInIt_isSentToAtOnce() {
    living(7);
    fixture.publishToAll();
    fixture.pass(SECOND);
    network = request -> false;
    fixture.publishToAll();
    fixture.pass(SECOND);
    assertThat(outages.count).isEqualTo(1);

    network = request -> request.url().contains("late");
    Webhook late = fixture.webhook("late", "late.example.com");
    Instant published = fixture.now();
    List<String> ids = fixture.publishToAll();
    fixture.pass(SECOND);

    assertThat(outages.over).isEqualTo(1);
    assertThat(ids)
        .filteredOn(id -> fixture.delivery(id).webhookId().equals(late.id()))
        .hasSize(1)
        .allSatisfy(id -> assertDeliveredWithin(Duration.ofMillis(10), id, published));
  }

  @Test
  void ownNetworkGoes_besideDeadHosts_livingAreNotChargedAndDeadAreExhaustedInTime() {
    living(10);
    dead(30);
    fixture.publishToAll();
    fixture.pass(SECOND);
    fixture.publishToAll(); // so that all that are dead fail while others answer
    fixture.pass(MINUTE.multipliedBy(5));
    int before = outages.count;
    network = request -> false;
    Instant published = fixture.now();
    List<String> ids = fixture.publishToAll();
    fixture.pass(MINUTE.multipliedBy(10));

    assertThat(outages.count).isEqualTo(before + 1);
    for (String id : ids) {
      if (isDead(id)) {
        assertExhaustedWithin(SCHEDULE, id, published);
      } else {
        assertThat(attempts(id)).isEmpty();
      }
    }
    network = request -> true;
    fixture.pass(Duration.ofSeconds(31));
    assertThat(ids)
        .filteredOn(id -> !isDead(id))
        .hasSize(10)
        .allSatisfy(
            id -> assertThat(fixture.delivery(id).state()).isEqualTo(DeliveryState.SUCCEEDED))
        .allSatisfy(id -> assertThat(attempts(id)).hasSize(1));
  }

  @Test
  void hostsThatDieInAnOutage_areExhaustedInTimeAfterIt() {
    living(1);
    dead(6);
    Set<String> dying = Set.copyOf(dead);
    dead.clear();
    fixture.publishToAll();
    fixture.pass(SECOND);
    network = request -> false;
    Instant published = fixture.now();
    List<String> ids = fixture.publishToAll();
    fixture.pass(MINUTE.multipliedBy(3));
    dead.addAll(dying);
    network = request -> true;
    fixture.pass(Duration.ofSeconds(31));
    assertThat(outages.over).isEqualTo(1);
    Duration outage = Duration.between(published, fixture.now());

    fixture.pass(SCHEDULE.plus(OutagePolicy.DEFAULT.window()));

    assertThat(outages.count).isEqualTo(1);
    assertThat(ids)
        .filteredOn(this::isDead)
        .hasSize(6)
        .allSatisfy(id -> assertExhaustedWithin(outage.plus(SCHEDULE), id, published));
  }

  @Test
  void flappingNetwork_answersOneAttemptNowAndThen_nobodyThatLivesIsCharged() {
    living(12);
    fixture.publishToAll();
    fixture.pass(SECOND);
    List<String> ids = new ArrayList<>();
    int[] passes = new int[1];
    network = request -> passes[0]-- > 0;
    for (int i = 0; i < 30; i++) {
      ids.addAll(fixture.publishToAll());
      fixture.pass(Duration.ofSeconds(20));
      passes[0] = 2;
    }
    assertThat(outages.count).isGreaterThan(5);
    assertThat(ids)
        .allSatisfy(id -> assertThat(attempts(id))
            .allSatisfy(attempt ->
                assertThat(attempt.result().outcome()).isEqualTo(AttemptOutcome.SUCCEEDED)));
  }

  @Test
  void networkGoesWhileAttemptsConnect_theyEndLongAfterTheLastAnswer_livingAreNotCharged() {
    living(8);
    fixture.publishToAll();
    fixture.pass(SECOND);
    // The first is answered; the others began before that, and give up after 10 s.
    failure = new Reply(
        Duration.ofSeconds(10), Reply.failed(AttemptOutcome.UNREACHABLE).result());
    network = request -> request.webhookId().equals(fixture.webhook.id());
    List<String> ids = fixture.publishToAll();
    fixture.pass(Duration.ofSeconds(20));

    assertThat(outages.count).isEqualTo(1);
    assertThat(ids.stream().filter(id -> !attempts(id).isEmpty())).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TIMED_OUT", "BROKEN"})
  void outage_attemptOnAConnectionFromBefore_isNotCharged(String outcome) {
    living(8);
    fixture.publishToAll();
    fixture.pass(SECOND);
    Reply silent = new Reply(
        Duration.ofSeconds(9), Reply.failed(AttemptOutcome.valueOf(outcome)).result());
    fixture.answerEach(
        request -> request.webhookId().equals(fixture.webhook.id()) ? silent : failure);
    List<String> ids = fixture.publishToAll();
    fixture.pass(Duration.ofSeconds(20));

    assertThat(outages.count).isEqualTo(1);
    assertThat(ids).allSatisfy(id -> assertThat(attempts(id)).isEmpty());
  }

  @Test
  void nodeRestartedInAnOutage_amongManyDeadHosts_sendsSoonAfterItsNetworkIsBack() {
    dead(300);
    CompletableFuture<Void> unused = fixture.sender.stop(Duration.ZERO);
    fixture.pass(SECOND);
    try (WebhookSender fresh = fixture.another(storage, builder -> builder.listener(outages))) {
      network = request -> false;
      fresh.publish(
          Environment.PRODUCTION,
          Event.builder(EventName.CONTACT_CREATED).timestamp(fixture.now()).build());
      fresh.start();
      fixture.pass(MINUTE.multipliedBy(10));
      assertThat(outages.count).isEqualTo(1);
      assertThat(outages.over).isZero();

      network = request -> true;
      fixture.pass(Duration.ofSeconds(30 + 2 + 300 / OutagePolicy.PROBE_RATE));

      assertThat(outages.over).isEqualTo(1);
      CompletableFuture<Void> unusedStop = fresh.stop(Duration.ZERO);
      fixture.pass(SECOND);
    }
  }
}
