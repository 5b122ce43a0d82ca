package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.HOSTILE;
import static cloud.klink.webhooks.sender.storage.contract.Samples.IDS;
import static cloud.klink.webhooks.sender.storage.contract.Samples.KHMER;
import static cloud.klink.webhooks.sender.storage.contract.Samples.T0;
import static cloud.klink.webhooks.sender.storage.contract.Samples.TICK;
import static cloud.klink.webhooks.sender.storage.contract.Samples.attempt;
import static cloud.klink.webhooks.sender.storage.contract.Samples.change;
import static cloud.klink.webhooks.sender.storage.contract.Samples.event;
import static cloud.klink.webhooks.sender.storage.contract.Samples.request;
import static cloud.klink.webhooks.sender.storage.contract.Samples.webhook;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.AttemptOutcome;
import cloud.klink.webhooks.sender.delivery.AttemptResult;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Published;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * What happened in a storage, from a seed: deliveries of every kind, in no order of their times.
 */
final class History {
  static final List<String> WEBHOOKS = List.of("w1", "w2", "w3", HOSTILE, "t1", "absent");
  static final List<EventName> NAMES = List.of(
      EventName.CONTACT_CREATED,
      EventName.CONTACT_UPDATED,
      EventName.of("room.opened"),
      new EventName(HOSTILE));

  /** Deliveries are published from {@link Samples#T0} on, within so many seconds. */
  static final int SECONDS = 8;

  /** After everything. */
  static final Instant END = T0.plusSeconds(100);

  private final Storage storage;
  private final Random random;
  private final List<String> eventIds = new ArrayList<>();
  private final List<String> deliveryIds = new ArrayList<>();

  private History(Storage storage, long seed) {
    this.storage = storage;
    this.random = new Random(seed);
  }

  static History of(Storage storage, long seed) {
    History history = new History(storage, seed);
    history.happen();
    return history;
  }

  List<String> eventIds() {
    return eventIds;
  }

  /** All deliveries as they are, each found by its id. */
  List<Delivery> deliveries() {
    return deliveryIds.stream().map(id -> storage.delivery(id).orElseThrow()).toList();
  }

  private void happen() {
    for (String id : List.of("w1", "w2", HOSTILE)) {
      storage.insert(webhook(id, "contact.*"));
    }
    storage.insert(webhook("w3", "contact.created", "room.*"));
    storage.insert(webhook(Environment.DEVELOPMENT, "t1", "contact.*", "room.*"));
    for (int i = 0; i < 60; i++) {
      publish("e" + i);
    }
    publish(HOSTILE);
    publish(KHMER);
    storage.delete("w2");
    storage.end("w2", DeliveryState.CANCELLED, T0, 15);
    change(storage, "w3", b -> b.pause(new Pause(PauseCause.REQUESTED, "", T0)));
    storage.end("w3", DeliveryState.DISCARDED, T0, 15);
    change(storage, "w3", b -> b.pause(null));
    for (int round = 0; round < 3; round++) {
      attempts(END.plusSeconds(round));
    }
  }

  /** In both environments, now and then. */
  private void publish(String eventId) {
    eventIds.add(eventId);
    List<NewEvent> events = new ArrayList<>();
    for (Environment environment : Environment.values()) {
      if (environment == Environment.PRODUCTION || random.nextInt(3) == 0) {
        Instant at =
            T0.plusSeconds(random.nextInt(SECONDS)).plus(TICK.multipliedBy(random.nextInt(3)));
        events.add(event(environment, eventId, NAMES.get(random.nextInt(3)), at));
      }
    }
    storage.publish(events, IDS).stream().map(Published::deliveryIds).forEach(deliveryIds::addAll);
  }

  private void attempts(Instant now) {
    List<Outcome> outcomes = new ArrayList<>();
    for (ClaimedDelivery claimed : storage.claim(request(now, 150, 40)).deliveries()) {
      if (random.nextInt(5) > 0) {
        outcomes.add(outcome(claimed, result(), now));
      }
    }
    storage.record(outcomes, Map.of(), now);
  }

  private AttemptResult result() {
    List<AttemptOutcome> outcomes = List.of(AttemptOutcome.values());
    int[] statuses = {200, 204, 302, 404, 410, 500, 503, 599, 999, 100};
    return random.nextInt(3) == 0
        ? AttemptResult.failed(outcomes.get(1 + random.nextInt(outcomes.size() - 1)), KHMER)
        : AttemptResult.answered(statuses[random.nextInt(statuses.length)], new byte[0]);
  }

  private Outcome outcome(ClaimedDelivery claimed, AttemptResult result, Instant now) {
    DeliveryState state = result.succeeded()
        ? DeliveryState.SUCCEEDED
        : random.nextBoolean() ? DeliveryState.FAILED : DeliveryState.WAITING;
    return Outcome.of(
        claimed,
        attempt(claimed, now, result),
        state,
        state.isFinal() ? Optional.empty() : Optional.of(now));
  }
}
