package cloud.klink.webhooks.sender.storage.contract;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Published;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Values for the tests, and short ways to do what most of them begin with. */
final class Samples {
  static final Instant T0 = Instant.parse("2026-03-04T05:06:07.123456Z");
  static final Duration LEASE = Duration.ofSeconds(60);
  static final Duration TICK = Duration.ofNanos(1_000);
  static final String HOSTILE = "'; DROP TABLE klink_webhook; --\" % _ \\ \n\t$1 ? :x";
  static final String KHMER = "សួស្តី \uD83D\uDE00";

  private static final AtomicLong LAST_ID = new AtomicLong();

  private Samples() {}

  static String nextId() {
    return String.format("d%012d", LAST_ID.incrementAndGet());
  }

  static final Supplier<String> IDS = Samples::nextId;

  static StoredWebhook webhook(String id, String... selectors) {
    return webhook(Environment.PRODUCTION, id, selectors);
  }

  static StoredWebhook webhook(Environment environment, String id, String... selectors) {
    Webhook webhook = Webhook.builder()
        .id(id)
        .environment(environment)
        .name("Webhook " + id)
        .url("https://example.org/hooks/" + id)
        .subscriptions(Arrays.stream(selectors).toList())
        .createdAt(T0.minusSeconds(86_400))
        .build();
    return new StoredWebhook(webhook, "secret of " + id, "");
  }

  /** The next version of a webhook, changed as told. */
  static StoredWebhook changed(
      StoredWebhook stored, java.util.function.UnaryOperator<Webhook.Builder> change) {
    Webhook webhook = stored.webhook();
    Webhook.Builder next = webhook.toBuilder().version(webhook.version() + 1);
    return stored.withWebhook(change.apply(next).build());
  }

  /** Webhooks that get contact.created in production. */
  static void insert(Storage storage, String... ids) {
    for (String id : ids) {
      storage.insert(webhook(id, "contact.created"));
    }
  }

  /** Replaces a webhook by its next version, as a person would. */
  static StoredWebhook change(
      Storage storage, String id, java.util.function.UnaryOperator<Webhook.Builder> change) {
    StoredWebhook next = changed(stored(storage, id), change);
    if (!storage.update(next)) {
      throw new AssertionError("the update of " + id + " was refused");
    }
    return next;
  }

  static StoredWebhook stored(Storage storage, String id) {
    StoredWebhook stored = storage.find(List.of(id)).get(id);
    if (stored == null) {
      throw new AssertionError("there is no webhook " + id);
    }
    return stored;
  }

  static EventBody body(String text) {
    return EventBody.of(text.getBytes(StandardCharsets.UTF_8));
  }

  static NewEvent event(String id) {
    return event(id, T0);
  }

  static NewEvent event(String id, Instant publishedAt) {
    return event(Environment.PRODUCTION, id, EventName.CONTACT_CREATED, publishedAt);
  }

  static NewEvent event(Environment environment, String id, EventName name, Instant publishedAt) {
    return new NewEvent(environment, id, name, body("{\"id\":\"" + id + "\"}"), publishedAt);
  }

  static Published publish(Storage storage, NewEvent event) {
    return storage.publish(List.of(event), IDS).get(0);
  }

  static Published publish(Storage storage, String eventId) {
    return publish(storage, event(eventId));
  }

  /** Publishes events of one name, each a microsecond after the one before. */
  static List<Published> publishMany(Storage storage, String prefix, int count) {
    return storage.publish(
        java.util.stream.IntStream.range(0, count)
            .mapToObj(i -> event(prefix + i, T0.plus(TICK.multipliedBy(i))))
            .toList(),
        IDS);
  }

  static ClaimRequest request(Instant now, int max, int perWebhook) {
    return new ClaimRequest(now, now.plus(LEASE), max, perWebhook, Map.of(), "");
  }

  static Claims claim(Storage storage, Instant now) {
    return storage.claim(request(now, 1_000, 1_000));
  }

  /** The one delivery that is due. */
  static ClaimedDelivery claimOne(Storage storage, Instant now) {
    List<ClaimedDelivery> claimed = claim(storage, now).deliveries();
    if (claimed.size() != 1) {
      throw new AssertionError("there is not one delivery due but " + claimed);
    }
    return claimed.get(0);
  }

  static Attempt attempt(ClaimedDelivery claimed, Instant start, AttemptResult result) {
    return attempt(claimed, start, Duration.ofMillis(20), result);
  }

  static Attempt attempt(
      ClaimedDelivery claimed, Instant start, Duration duration, AttemptResult result) {
    return new Attempt(
        claimed.deliveryId(),
        claimed.attempts() + 1,
        start,
        duration,
        DeliveryMethod.WEBHOOK,
        "https://example.com/hook",
        "",
        result);
  }

  static Outcome success(ClaimedDelivery claimed, Instant start) {
    AttemptResult result = AttemptResult.answered(200, new byte[0]);
    return Outcome.of(
        claimed, attempt(claimed, start, result), DeliveryState.SUCCEEDED, Optional.empty());
  }

  static Outcome failure(ClaimedDelivery claimed, Instant start) {
    AttemptResult result = AttemptResult.answered(500, new byte[0]);
    return Outcome.of(
        claimed, attempt(claimed, start, result), DeliveryState.FAILED, Optional.empty());
  }

  static Outcome retry(ClaimedDelivery claimed, Instant start, Instant retryAt) {
    AttemptResult result =
        AttemptResult.failed(AttemptOutcome.CONNECTION_REFUSED, "connection refused");
    return Outcome.of(
        claimed, attempt(claimed, start, result), DeliveryState.WAITING, Optional.of(retryAt));
  }

  /**
   * Publishes events to all that get contact.created, and lets them fail for good, each ten
   * milliseconds after the one before; several together if there are many.
   *
   * @return the deliveries of one webhook, those finished first in front
   */
  static List<String> failMany(Storage storage, String webhookId, int count) {
    publishMany(storage, "failed-" + nextId() + "-", count);
    Instant now = T0.plusSeconds(1);
    List<String> ids = new ArrayList<>();
    List<ClaimedDelivery> claimed =
        storage.claim(request(now, 100_000, 100_000)).deliveries().stream()
            .sorted(Comparator.comparing(ClaimedDelivery::deliveryId))
            .toList();
    int together = 1 + count / 50;
    for (int from = 0; from < claimed.size(); from += together) {
      Instant end = now.plusMillis(10L * from);
      List<ClaimedDelivery> some = claimed.subList(from, Math.min(claimed.size(), from + together));
      storage.record(some.stream().map(one -> failure(one, end)).toList(), Map.of(), end);
    }
    claimed.stream()
        .filter(one -> one.webhookId().equals(webhookId))
        .forEach(one -> ids.add(one.deliveryId()));
    return ids;
  }
}
