package cloud.klink.webhooks.sender.simulation;

import static cloud.klink.webhooks.sender.simulation.Model.check;
import static cloud.klink.webhooks.sender.simulation.Model.micros;

import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Purge;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** What must become of what people ask to be sent again, and of what is old; by naive means. */
final class RedeliveryModel {
  private final Model model;
  private final Function<String, String> repeatedBy;

  /**
   * A model.
   *
   * @param repeatedBy the delivery that a delivery which was just stored repeats
   */
  RedeliveryModel(Model model, Function<String, String> repeatedBy) {
    this.model = model;
    this.repeatedBy = repeatedBy;
  }

  void redelivered(String deliveryId, String newId, Instant now, boolean done) {
    DeliveryModel old = model.delivery(deliveryId);
    boolean may = !old.isPurged && !old.webhook.isDeleted();
    check(done == may, "what is there can be repeated", old, done);
    if (done) {
      repeat(old, newId, now);
    }
  }

  private void repeat(DeliveryModel old, String newId, Instant now) {
    check(!model.deliveries.containsKey(newId), "a delivery's id is new", newId);
    model.deliveries.put(newId, old.repeat(newId, micros(now)));
  }

  void redeliveredFailed(
      String webhookId, Instant since, List<String> newIds, Instant now, int limit) {
    Set<DeliveryModel> expected = new LinkedHashSet<>(model.deliveries.values().stream()
        .filter(one -> one.webhook.id.equals(webhookId) && !one.webhook.isDeleted())
        .filter(one -> one.state == DeliveryState.FAILED && !one.isPurged)
        .filter(one -> one.redeliveredAs == null && !finished(one).isBefore(since))
        .toList());
    check(newIds.size() < limit, "the simulation never reaches the limit", limit);
    Instant last = since;
    for (String newId : newIds) {
      DeliveryModel old = model.delivery(repeatedBy.apply(newId));
      check(expected.remove(old), "what failed is repeated once", old, old.state);
      check(!finished(old).isBefore(last), "what failed first is repeated first", old, last);
      last = finished(old);
      repeat(old, newId, now);
    }
    check(expected.isEmpty(), "all that failed is repeated", expected);
  }

  private static Instant finished(DeliveryModel delivery) {
    return micros(Objects.requireNonNull(delivery.finishedAt));
  }

  void publishedTo(NewEvent event, String webhookId, String deliveryId, boolean done) {
    WebhookModel webhook = model.webhook(webhookId);
    boolean may = !webhook.isDeleted()
        && webhook.newest().webhook().environment() == event.environment()
        && !model.events.containsKey(Model.key(event));
    check(done == may, "a test is stored", event.id(), done);
    if (done) {
      model.events.put(Model.key(event), event.publishedAt());
      model.deliveries.put(deliveryId, new DeliveryModel(deliveryId, webhook, event));
    }
  }

  void purged(Purge purge, Purge purged) {
    int deliveries = 0;
    Set<String> kept = new LinkedHashSet<>();
    for (DeliveryModel delivery : model.deliveries.values()) {
      if (!delivery.isPurged
          && !delivery.isWaiting()
          && finished(delivery).isBefore(purge.before())) {
        delivery.isPurged = true;
        deliveries++;
      }
      if (!delivery.isPurged) {
        kept.add(Model.key(delivery.event));
      }
    }
    int events = model.events.size();
    model
        .events
        .entrySet()
        .removeIf(event ->
            micros(event.getValue()).isBefore(purge.before()) && !kept.contains(event.getKey()));
    check(purged.isDone(), "the simulation never reaches the limit", purge);
    check(purged.deliveries() == deliveries, "what is old and finished goes", purged, deliveries);
    check(
        purged.events() == events - model.events.size(),
        "events that nobody needs go",
        purged,
        events - model.events.size());
  }
}
