package cloud.klink.webhooks.sender.internal.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.internal.prepare.PreparedWebhook;
import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.policy.DeliveryPolicy;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The queues keep their limits, waste nothing, and begin with those that have the least. */
class DispatchQueuePropertyTest {
  private static final Instant START = Instant.parse("2026-01-09T03:42:38Z");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private Instant now = START;

  /** One in flight, as a naive observer sees it. */
  private record Flight(QueuedDelivery delivery, Instant since) {}

  /** What a naive observer knows of a webhook. */
  private static final class Seen {
    private boolean hasAnswered;
    private boolean wasEverSlow;
  }

  @Property(tries = 100)
  void next_whateverHappens_keepsTheLimitsAndWastesNoSlot(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 70) int slots,
      @ForAll @IntRange(min = 1, max = 12) int perWebhook,
      @ForAll @IntRange(min = 1, max = 30) int webhooks) {
    Random random = new Random(seed);
    now = START;
    DispatchQueue queues = queues(slots, perWebhook);
    List<Flight> flights = new ArrayList<>();
    Map<String, Seen> seen = new HashMap<>();
    Map<String, Integer> queued = new HashMap<>();
    for (int step = 0; step < 400; step++) {
      String id = "w" + random.nextInt(webhooks);
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          if (queues.reserve(id, 0) == DispatchQueue.Place.TAKEN) {
            queues.unreserve(id, 0);
            assertThat(queues.add(delivery(id, perWebhook, step), queues.epoch()))
                .isTrue();
            queued.merge(id, 1, Integer::sum);
          }
        }
        case 2 -> now = now.plusMillis(random.nextInt(700));
        default -> finish(queues, flights, seen, random);
      }
      start(queues, flights, seen, queued, slots, perWebhook);
    }
    while (!flights.isEmpty()) {
      now = now.plusMillis(10);
      finish(queues, flights, seen, random);
      start(queues, flights, seen, queued, slots, perWebhook);
    }
    assertThat(queues.isIdle()).isTrue();
    assertThat(queues.queuedCount()).isZero();
  }

  /** Starts all that may be started, and looks at each start and at what is left. */
  private void start(
      DispatchQueue queues,
      List<Flight> flights,
      Map<String, Seen> seen,
      Map<String, Integer> queued,
      int slots,
      int perWebhook) {
    List<QueuedDelivery> given = new ArrayList<>();
    boolean promised = queues.startable() > 0;
    QueuedDelivery delivery = queues.next(given);
    assertThat(promised && delivery == null && given.isEmpty()).isFalse();
    while (delivery != null) {
      take(queued, given);
      int shared = Math.max(1, slots * 3 / 4);
      String id = delivery.webhookId();
      int before = count(flights, id);
      if (flights.size() < shared) {
        assertThat(queued.keySet())
            .noneMatch(other -> isQuick(other, flights, seen)
                && count(flights, other) < Math.min(before, perWebhook));
      }
      take(queued, List.of(delivery));
      flights.add(new Flight(delivery, now));
      assertThat(flights).hasSizeLessThanOrEqualTo(slots);
      assertThat(before).isLessThan(perWebhook);
      if (!isQuick(id, flights, seen) && !mayBeQuickAgain(id, flights, seen)) {
        assertThat(restricted(flights, seen)).isLessThanOrEqualTo(shared);
      }
      delivery = queues.next(given);
    }
    take(queued, given);
    assertThat(queued.keySet()).noneMatch(id -> wastes(id, flights, seen, slots, perWebhook));
  }

  /** Whether a slot is free that this webhook may take for all that a naive observer knows. */
  private boolean wastes(
      String id, List<Flight> flights, Map<String, Seen> seen, int slots, int perWebhook) {
    int own = count(flights, id);
    int shared = Math.max(1, slots * 3 / 4);
    if (own >= perWebhook) {
      return false;
    }
    if (isQuick(id, flights, seen)) {
      return flights.size() < shared || (own < 2 && flights.size() < slots - slots / 8);
    }
    return own == 0 && flights.size() < slots && flights.size() < Math.max(1, shared - slots / 8);
  }

  private static void take(Map<String, Integer> queued, List<QueuedDelivery> deliveries) {
    deliveries.forEach(delivery ->
        queued.computeIfPresent(delivery.webhookId(), (id, n) -> n == 1 ? null : n - 1));
  }

  private static int count(List<Flight> flights, String id) {
    return (int) flights.stream()
        .filter(flight -> flight.delivery().webhookId().equals(id))
        .count();
  }

  private boolean isQuick(String id, List<Flight> flights, Map<String, Seen> seen) {
    Seen known = seen.get(id);
    return known != null && known.hasAnswered && !known.wasEverSlow && !hasSlow(id, flights);
  }

  /** One that was slow long ago may count as quick, which the observer does not know. */
  private boolean mayBeQuickAgain(String id, List<Flight> flights, Map<String, Seen> seen) {
    Seen known = seen.get(id);
    return known != null && known.hasAnswered && !hasSlow(id, flights);
  }

  private boolean hasSlow(String id, List<Flight> flights) {
    return flights.stream()
        .anyMatch(flight -> flight.delivery().webhookId().equals(id)
            && Duration.between(flight.since(), now).compareTo(SECOND) >= 0);
  }

  /** How many are in flight of webhooks that have never answered. */
  private static long restricted(List<Flight> flights, Map<String, Seen> seen) {
    return flights.stream()
        .filter(flight -> {
          Seen known = seen.get(flight.delivery().webhookId());
          return known == null || !known.hasAnswered;
        })
        .count();
  }

  private void finish(
      DispatchQueue queues, List<Flight> flights, Map<String, Seen> seen, Random random) {
    if (flights.isEmpty()) {
      return;
    }
    Flight flight = flights.remove(random.nextInt(flights.size()));
    Duration took = Duration.between(flight.since(), now);
    Seen known = seen.computeIfAbsent(flight.delivery().webhookId(), id -> new Seen());
    known.wasEverSlow |= took.compareTo(SECOND) >= 0;
    known.hasAnswered = true;
    queues.finished(flight.delivery(), took, true);
  }

  private DispatchQueue queues(int slots, int perWebhook) {
    DeliveryPolicy policy = DeliveryPolicy.builder().maxConcurrent(perWebhook).build();
    return new DispatchQueue(
        new DispatchSettings(
            policy,
            webhook -> policy,
            slots,
            1_000,
            Duration.ofMinutes(10),
            SECOND,
            OutagePolicy.DEFAULT,
            Long.MAX_VALUE / 2),
        () -> now);
  }

  private QueuedDelivery delivery(String id, int perWebhook, int number) {
    Webhook webhook = Webhook.builder()
        .id(id)
        .environment(Environment.PRODUCTION)
        .name(id)
        .method(DeliveryMethod.WEBHOOK)
        .url("https://" + id + ".example.com/")
        .authenticationHeader("")
        .subscriptions(List.of())
        .activeSince(START)
        .createdAt(START)
        .updatedAt(START)
        .version(1)
        .build();
    PreparedWebhook prepared = new PreparedWebhook(
        webhook,
        DeliveryPolicy.builder().maxConcurrent(perWebhook).build(),
        null,
        null,
        AttemptOutcome.INTERNAL,
        "");
    ClaimedDelivery delivery = new ClaimedDelivery(
        new Lease("dlv_" + number, 1),
        now.plus(Duration.ofMinutes(10)),
        id,
        1,
        Environment.PRODUCTION,
        "evt_" + number,
        EventName.CONTACT_CREATED,
        EventBody.of("{}".getBytes(UTF_8)),
        0,
        now,
        now,
        Optional.empty());
    return new QueuedDelivery(delivery, prepared, now, Duration.ZERO);
  }
}
