package cloud.klink.webhooks.sender.transport;

import static org.awaitility.Awaitility.await;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.WebhookSender;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.webhook.DeliveryMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The first attempts that a sender makes with its own transports. */
final class SenderAttempts {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private SenderAttempts() {}

  static void subscribe(WebhookSender sender, DeliveryMethod method, String url) {
    sender
        .webhooks()
        .create(Environment.PRODUCTION)
        .name("CRM")
        .method(method)
        .url(url)
        .subscribe(EventName.CONTACT_CREATED)
        .save();
  }

  static List<AttemptResult> first(WebhookSender sender) {
    sender.start();
    List<String> deliveries = sender
        .publish(
            Environment.PRODUCTION,
            Event.builder(EventName.CONTACT_CREATED).timestamp(Instant.EPOCH).build())
        .deliveryIds();
    await()
        .atMost(PATIENCE)
        .until(() ->
            deliveries.stream().noneMatch(id -> sender.deliveries().attempts(id).isEmpty()));
    return deliveries.stream()
        .map(id -> sender.deliveries().attempts(id).get(0).result())
        .toList();
  }
}
