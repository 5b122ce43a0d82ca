package cloud.klink.webhooks.examples.benchmarks.retention;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Purge;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * What a sender does to its storage, without endpoints: each event goes to two webhooks; one
 * attempt in ten fails and is made again, and half of those fail for good.
 */
final class Day {
  private static final String URL = "https://example.org/webhooks/orders";

  private static final int BATCH = 100;
  private static final EventBody BODY = EventBody.of(new byte[1_000]);

  private final Storage storage;
  private final int groups;
  private final AtomicLong numbers = new AtomicLong();

  Day(Storage storage, int groups) {
    this.storage = storage;
    this.groups = groups;
  }

  void subscribe(Instant now) {
    for (int i = 0; i < 2 * groups; i++) {
      Webhook webhook = Webhook.builder()
          .id("wh_" + i)
          .environment(Environment.PRODUCTION)
          .name("webhook " + i)
          .url(URL)
          .subscriptions(List.of("group" + i / 2 + ".*"))
          .createdAt(now)
          .build();
      storage.insert(new StoredWebhook(webhook, "secret", ""));
    }
  }

  /** Ids of deliveries ascend with the time, ids of events come in any order. */
  private String id(Instant now) {
    return "dlv_%013d%010d".formatted(now.toEpochMilli(), numbers.incrementAndGet());
  }

  /** So many events, a batch after the other, each delivered before the next. */
  void pass(Instant start, int events) {
    Instant now = start;
    for (int done = 0; done < events; done += BATCH) {
      now = now.plusMillis(10);
      publish(now, Math.min(BATCH, events - done));
      while (deliver(now, 4 * BATCH) > 0) {
        now = now.plusMillis(10);
      }
    }
  }

  void publish(Instant now, int count) {
    List<NewEvent> events = IntStream.range(0, count)
        .mapToObj(i -> new NewEvent(
            Environment.PRODUCTION,
            UUID.randomUUID().toString(),
            EventName.of("group" + numbers.incrementAndGet() % groups + ".changed"),
            BODY,
            now))
        .toList();
    storage.publish(events, () -> id(now));
  }

  /** Claims and records. */
  int deliver(Instant now, int max) {
    List<ClaimedDelivery> claimed = storage
        .claim(new ClaimRequest(now, now.plusSeconds(60), max, max, Map.of(), ""))
        .deliveries();
    if (!claimed.isEmpty()) {
      storage.record(claimed.stream().map(one -> outcome(one, now)).toList(), Map.of(), now);
    }
    return claimed.size();
  }

  private static Outcome outcome(ClaimedDelivery claimed, Instant now) {
    int hash = Math.floorMod(claimed.deliveryId().hashCode(), 20);
    boolean fails = hash == 0 || (hash == 1 && claimed.attempts() == 0);
    boolean again = fails && claimed.attempts() == 0;
    AttemptResult result = fails
        ? AttemptResult.answered(
            500, "Internal Server Error".repeat(10).getBytes(StandardCharsets.UTF_8))
        : AttemptResult.answered(200, new byte[] {'o', 'k'});
    return Outcome.of(
        claimed,
        new Attempt(
            claimed.deliveryId(),
            claimed.attempts() + 1,
            now,
            Duration.ofMillis(20),
            DeliveryMethod.WEBHOOK,
            URL,
            "",
            result),
        again ? DeliveryState.WAITING : fails ? DeliveryState.FAILED : DeliveryState.SUCCEEDED,
        again ? Optional.of(now) : Optional.empty());
  }

  /** Repeats some of what failed. */
  void redeliver(Instant now) {
    for (int i = 0; i < groups; i++) {
      storage.redeliverFailed("wh_" + i, now.minus(Duration.ofDays(1)), () -> id(now), now, BATCH);
    }
  }

  /** How many deliveries were removed. */
  long purge(Instant before) {
    Purge purge = Purge.before(before, 1_000);
    while (!purge.isDone()) {
      purge = storage.purge(purge);
    }
    return purge.deliveries();
  }
}
