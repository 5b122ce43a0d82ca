package cloud.klink.webhooks.sender;

import cloud.klink.webhooks.event.Event;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.reason.NotFoundException;
import cloud.klink.webhooks.sender.reason.SenderReason;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Sends that are requested by users: redeliveries and test events.
 *
 * @param storage where deliveries are kept
 * @param preparer makes events what is stored
 * @param ids gives ids to new deliveries
 * @param clock tells the time
 * @param stored told after deliveries were stored
 */
record Redeliveries(
    Storage storage, EventPreparer preparer, Supplier<String> ids, Clock clock, Runnable stored) {
  private static final int BATCH = 1_000;
  private static final String TEST = "{\"event\":\"%s\",\"timestamp\":\"%s\","
      + "\"data\":{\"message\":\"This is a test. Nothing has happened.\"}}";

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  String redeliver(String deliveryId) {
    String id = ids.get();
    if (!storage.redeliver(deliveryId, id, now())) {
      throw refusal(deliveryId);
    }
    stored.run();
    return id;
  }

  private NotFoundException refusal(String deliveryId) {
    Optional<Delivery> delivery = storage.delivery(deliveryId);
    if (delivery.isEmpty()) {
      return new NotFoundException(
          SenderReason.UNKNOWN_DELIVERY,
          "delivery: no delivery has this id; it may have been removed because of its age");
    }
    String webhookId = delivery.get().webhookId();
    if (!storage.find(List.of(webhookId)).containsKey(webhookId)) {
      return new NotFoundException(
          SenderReason.WEBHOOK_GONE,
          "delivery: its webhook " + webhookId + " is deleted, so there is nowhere to send it to");
    }
    return new NotFoundException(
        SenderReason.EVENT_GONE,
        "delivery: its event " + delivery.get().eventId()
            + " is not stored any more; publish it again");
  }

  /** In batches, until none is left or the caller stops. */
  long redeliverFailed(String webhookId, Instant since, BooleanSupplier goesOn) {
    webhook(webhookId);
    Instant start = since.isBefore(Instant.EPOCH) ? Instant.EPOCH : since;
    long count = 0;
    int batch = BATCH;
    while (batch == BATCH && goesOn.getAsBoolean()) {
      batch = storage.redeliverFailed(webhookId, start, ids, now(), BATCH).size();
      count += batch;
      stored.run();
    }
    return count;
  }

  Publication sendTest(String webhookId, EventName name) {
    return sendTest(webhookId, event(name));
  }

  Publication sendTest(String webhookId, Event given) {
    StoredWebhook webhook = webhook(webhookId);
    NewEvent event = preparer.prepare(webhook.webhook().environment(), given);
    String id = ids.get();
    if (!storage.publishTo(event, webhookId, id)) {
      webhook(webhookId);
      return new Publication(event.id(), false, List.of());
    }
    stored.run();
    return new Publication(event.id(), true, List.of(id));
  }

  private Event event(EventName name) {
    return Event.parse(TEST.formatted(name, now()).getBytes(StandardCharsets.UTF_8));
  }

  private StoredWebhook webhook(String id) {
    StoredWebhook webhook = storage.find(List.of(id)).get(id);
    if (webhook == null) {
      throw NotFoundException.webhook();
    }
    return webhook;
  }
}
