package cloud.klink.webhooks.sender.storage.contract;

import static cloud.klink.webhooks.sender.storage.contract.Samples.IDS;
import static cloud.klink.webhooks.sender.storage.contract.Samples.change;
import static cloud.klink.webhooks.sender.storage.contract.Samples.event;
import static cloud.klink.webhooks.sender.storage.contract.Samples.failure;
import static cloud.klink.webhooks.sender.storage.contract.Samples.nextId;
import static cloud.klink.webhooks.sender.storage.contract.Samples.publish;
import static cloud.klink.webhooks.sender.storage.contract.Samples.request;
import static cloud.klink.webhooks.sender.storage.contract.Samples.retry;
import static cloud.klink.webhooks.sender.storage.contract.Samples.success;
import static cloud.klink.webhooks.sender.storage.contract.Samples.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.event.EventName;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Published;
import cloud.klink.webhooks.sender.storage.Purge;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.webhook.Pause;
import cloud.klink.webhooks.sender.webhook.PauseCause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Does anything, to a storage and to a model of it. */
final class RandomOperations {
  private static final EventName TEST = EventName.of("webhook.test");

  private final StorageUnderTest under;
  private final Random random;
  private final String prefix;
  private final NaiveLog model = new NaiveLog();
  private final List<String> ids = new ArrayList<>();
  private final Set<String> eventIds = new HashSet<>();
  private Instant now;
  private int webhooks;

  RandomOperations(StorageUnderTest under, int seed, String prefix, Instant start) {
    this.under = under;
    this.random = new Random(seed);
    this.prefix = prefix;
    this.now = start;
    create();
    create();
    create();
  }

  private Storage storage() {
    return random.nextBoolean() ? under.storage() : under.otherNode();
  }

  void step() {
    now = now.plusMillis(random.nextInt(20_000));
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> publish();
      case 3, 4, 5, 6 -> deliver();
      case 7 -> redeliver();
      case 8 -> redeliverFailed();
      case 9 -> sendTest();
      case 10 -> manage();
      default -> purge();
    }
  }

  private void create() {
    String id = prefix + "w" + webhooks++;
    storage().insert(webhook(id, "contact.created"));
    model.webhooks.add(id);
  }

  private String newEventId() {
    String id = prefix + "e" + random.nextInt(60);
    eventIds.add(id);
    return id;
  }

  private String anyWebhook() {
    return prefix + "w" + random.nextInt(webhooks);
  }

  private void publish() {
    NewEvent event = event(newEventId(), now);
    Storage storage = storage();
    Published published = Samples.publish(storage, event);
    assertThat(published.isNew()).isEqualTo(!model.events.containsKey(event.id()));
    if (published.isNew()) {
      model.events.put(event.id(), event);
      assertThat(published.deliveryIds()).hasSize(model.webhooks.size());
      for (String id : published.deliveryIds()) {
        model.add(id, storage.delivery(id).orElseThrow().webhookId(), event);
        ids.add(id);
      }
    }
  }

  /** Some of what is claimed stays leased. */
  private void deliver() {
    List<Outcome> outcomes = new ArrayList<>();
    for (ClaimedDelivery claimed : storage().claim(request(now, 8, 4)).deliveries()) {
      NaiveLog.Entry entry = model.entry(claimed.deliveryId());
      assertThat(entry.isDue(now)).isTrue();
      assertThat(claimed.dueAt()).isEqualTo(entry.dueAt);
      entry.leaseUntil = claimed.leaseUntil();
      int result = random.nextInt(6);
      if (result < 5) {
        outcomes.add(outcome(claimed, entry, result));
        entry.attempts++;
      }
    }
    assertThat(storage().record(outcomes, Map.of(), now).stale()).isEmpty();
  }

  private Outcome outcome(ClaimedDelivery claimed, NaiveLog.Entry entry, int result) {
    Outcome outcome = switch (result) {
      case 0 -> retry(claimed, now, now.plusSeconds(random.nextInt(60)));
      case 1, 2 -> success(claimed, now);
      default -> failure(claimed, now);
    };
    if (!outcome.attempt().result().succeeded()) {
      entry.failures.add(outcome.attempt().endedAt());
    }
    entry.state = outcome.state();
    entry.leaseUntil = Instant.MIN;
    if (entry.isWaiting()) {
      entry.dueAt = outcome.retryAt().orElseThrow();
    } else {
      entry.finishedAt = now;
    }
    return outcome;
  }

  private void redeliver() {
    if (!ids.isEmpty()) {
      String id = ids.get(random.nextInt(ids.size()));
      String newId = nextId();
      assertThat(storage().redeliver(id, newId, now)).isEqualTo(model.redeliver(id, newId, now));
      ids.add(newId);
    }
  }

  private void redeliverFailed() {
    String webhookId = anyWebhook();
    Instant since = now.minusSeconds(random.nextInt(600));
    int limit = 1 + random.nextInt(6);
    List<String> expected = model.failed(webhookId, since, limit);
    List<String> repeated = storage().redeliverFailed(webhookId, since, IDS, now, limit);
    assertThat(repeated).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      model.redeliver(expected.get(i), repeated.get(i), now);
    }
    ids.addAll(repeated);
  }

  private void sendTest() {
    NewEvent event = event(Environment.PRODUCTION, newEventId(), TEST, now);
    String webhookId = anyWebhook();
    String id = nextId();
    boolean expected = model.webhooks.contains(webhookId) && !model.events.containsKey(event.id());
    assertThat(storage().publishTo(event, webhookId, id)).isEqualTo(expected);
    if (expected) {
      model.add(id, webhookId, event);
    }
    ids.add(id);
  }

  private void manage() {
    String id = anyWebhook();
    if (!model.webhooks.contains(id)) {
      create();
    } else if (random.nextInt(4) == 0) {
      storage().delete(id);
      model.webhooks.remove(id);
      model.paused.remove(id);
      // None is leased any more by then.
      now = now.plusSeconds(60);
      assertThat(storage().end(id, DeliveryState.CANCELLED, now, 1_000))
          .isEqualTo(model.end(id, DeliveryState.CANCELLED, now));
    } else if (model.paused.remove(id)) {
      change(storage(), id, b -> b.pause(null));
    } else {
      change(storage(), id, b -> b.pause(new Pause(PauseCause.REQUESTED, "", now)));
      model.paused.add(id);
    }
  }

  private void purge() {
    Instant before = now.minusSeconds(random.nextInt(300));
    int limit = 1 + random.nextInt(9);
    Purge purge = Purge.before(before, limit);
    while (!purge.isDone()) {
      purge = storage().purge(purge);
    }
    assertThat(purge.deliveries() + " " + purge.events()).isEqualTo(model.purge(before));
  }

  void compare() {
    ids.forEach(this::compare);
    for (String id : eventIds) {
      assertThat(storage().body(Environment.PRODUCTION, id).isPresent())
          .isEqualTo(model.events.containsKey(id));
    }
    assertThat(storage().backlog(now)).isEqualTo(model.backlog(now));
    Instant since = now.minus(Duration.ofMinutes(5));
    for (int i = 0; i < webhooks; i++) {
      String id = prefix + "w" + i;
      assertThat(storage().failures(id, since, Instant.MAX, 1_000))
          .extracting(failed -> failed.endedAt())
          .containsExactlyElementsOf(model.failures(id, since));
    }
  }

  private void compare(String id) {
    NaiveLog.Entry entry = model.entries.get(id);
    Optional<Delivery> found = storage().delivery(id);
    assertThat(found.isPresent()).isEqualTo(entry != null);
    if (entry != null) {
      assertThat(found.orElseThrow()).satisfies(delivery -> {
        assertThat(delivery.state()).isEqualTo(entry.state);
        assertThat(delivery.attempts()).isEqualTo(entry.attempts);
        assertThat(delivery.createdAt()).isEqualTo(entry.createdAt);
        Instant dueAt = entry.dueAt.isAfter(entry.leaseUntil) ? entry.dueAt : entry.leaseUntil;
        assertThat(delivery.dueAt().orElse(null)).isEqualTo(entry.isWaiting() ? dueAt : null);
        assertThat(delivery.finishedAt().orElse(null)).isEqualTo(entry.finishedAt);
        assertThat(delivery.redeliveryOf().orElse(null)).isEqualTo(entry.redeliveryOf);
        assertThat(delivery.redeliveredAs().orElse(null)).isEqualTo(entry.redeliveredAs);
      });
    }
  }

  /** Leaves nothing behind for another seed. */
  void clear() {
    now = now.plusSeconds(3_600);
    for (int i = 0; i < webhooks; i++) {
      storage().delete(prefix + "w" + i);
      storage().end(prefix + "w" + i, DeliveryState.CANCELLED, now, 10_000);
    }
    Purge purge = Purge.before(now.plusSeconds(1), 1_000);
    while (!purge.isDone()) {
      purge = storage().purge(purge);
    }
  }
}
