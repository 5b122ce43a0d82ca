package cloud.klink.webhooks.sender.storage.jdbc;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** What these tests begin with. */
final class JdbcTestData {
  static final Instant NOW = Instant.parse("2026-07-01T00:00:00Z");

  private static final AtomicLong LAST_ID = new AtomicLong();

  private JdbcTestData() {}

  static StoredWebhook webhook(String id) {
    return new StoredWebhook(
        Webhook.builder()
            .id(id)
            .environment(Environment.PRODUCTION)
            .name(id)
            .url("https://example.org/" + id)
            .subscriptions(List.of("contact.created"))
            .createdAt(NOW)
            .build(),
        "secret",
        "");
  }

  static List<NewEvent> events(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new NewEvent(
            Environment.PRODUCTION,
            prefix + i,
            EventName.CONTACT_CREATED,
            EventBody.of(new byte[100]),
            NOW))
        .toList();
  }

  static void publish(Storage storage, String prefix, int count) {
    storage.publish(events(prefix, count), JdbcTestData::id);
  }

  static String id() {
    return String.format("g%012d", LAST_ID.incrementAndGet());
  }

  static Claims claim(Storage storage, Instant now, int max) {
    return storage.claim(new ClaimRequest(now, now.plusSeconds(60), max, max, Map.of(), ""));
  }

  static Outcome success(ClaimedDelivery claimed) {
    return outcome(claimed, 200, DeliveryState.SUCCEEDED);
  }

  static Outcome failure(ClaimedDelivery claimed) {
    return outcome(claimed, 500, DeliveryState.FAILED);
  }

  private static Outcome outcome(ClaimedDelivery claimed, int status, DeliveryState state) {
    AttemptResult result = AttemptResult.answered(status, new byte[0]);
    return Outcome.of(
        claimed,
        new Attempt(
            claimed.deliveryId(),
            claimed.attempts() + 1,
            NOW,
            Duration.ofMillis(5),
            DeliveryMethod.WEBHOOK,
            "https://example.com/hook",
            "",
            result),
        state,
        Optional.empty());
  }
}
