package cloud.klink.webhooks.sender.storage.memory;

import cloud.klink.webhooks.event.Environment;
import cloud.klink.webhooks.internal.Ranges;
import cloud.klink.webhooks.sender.delivery.Attempt;
import cloud.klink.webhooks.sender.delivery.AttemptStatistics;
import cloud.klink.webhooks.sender.delivery.Count;
import cloud.klink.webhooks.sender.delivery.CountQuery;
import cloud.klink.webhooks.sender.delivery.Delivery;
import cloud.klink.webhooks.sender.delivery.DeliveryPage;
import cloud.klink.webhooks.sender.delivery.DeliveryQuery;
import cloud.klink.webhooks.sender.delivery.DeliveryState;
import cloud.klink.webhooks.sender.delivery.EventBody;
import cloud.klink.webhooks.sender.policy.PausePolicy;
import cloud.klink.webhooks.sender.storage.Backlog;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import cloud.klink.webhooks.sender.storage.Claims;
import cloud.klink.webhooks.sender.storage.Lease;
import cloud.klink.webhooks.sender.storage.NewEvent;
import cloud.klink.webhooks.sender.storage.Outcome;
import cloud.klink.webhooks.sender.storage.Published;
import cloud.klink.webhooks.sender.storage.Purge;
import cloud.klink.webhooks.sender.storage.Recorded;
import cloud.klink.webhooks.sender.storage.Storage;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A storage in the memory of one process, for tests and for senders that may lose waiting
 * deliveries when their process ends. Nodes within the process can share it.
 *
 * <p>All waiting deliveries are kept, however much memory they take. Of finished deliveries, only
 * the newest are kept, with their attempts and bodies. Of the ids of events, which are kept to
 * recognize repetitions, only the newest are kept. It never fails, so it throws no
 * {@code StorageException}.
 */
public final class InMemoryStorage implements Storage {
  /** How many finished deliveries are kept unless another number is given. */
  public static final int DEFAULT_KEPT_DELIVERIES = 10_000;

  /** How many event ids are remembered unless another number is given; some 20 MB. */
  public static final int DEFAULT_REMEMBERED_EVENTS = 100_000;

  private final Object lock = new Object();
  private final Tables tables;
  private final EventPublisher publisher;
  private final OutcomeRecorder recorder;
  private final Redelivery redelivery;
  private final Purger purger;
  private final BacklogQueries backlogQueries;

  /**
   * An empty storage of {@link #DEFAULT_KEPT_DELIVERIES} and {@link #DEFAULT_REMEMBERED_EVENTS}.
   */
  public InMemoryStorage() {
    this(DEFAULT_KEPT_DELIVERIES, DEFAULT_REMEMBERED_EVENTS);
  }

  /**
   * An empty storage.
   *
   * @param keptDeliveries how many finished deliveries are kept, with their attempts and the bodies
   *     of their events; from 0. An event that had no delivery counts as one
   * @param rememberedEvents how many events are remembered by their ids, so that publishing one of
   *     them again changes nothing; from 1. Events of deliveries that wait or are kept are
   *     remembered beyond that
   * @throws IllegalArgumentException if a value is out of its range
   */
  public InMemoryStorage(int keptDeliveries, int rememberedEvents) {
    Ranges.checkAtLeast("keptDeliveries", keptDeliveries, 0);
    Ranges.checkAtLeast("rememberedEvents", rememberedEvents, 1);
    this.tables = new Tables(keptDeliveries, rememberedEvents);
    this.publisher = new EventPublisher(tables);
    this.recorder = new OutcomeRecorder(tables);
    this.redelivery = new Redelivery(tables);
    this.purger = new Purger(tables);
    this.backlogQueries = new BacklogQueries(tables);
  }

  @Override
  public String describe() {
    return "this process's memory; waiting deliveries are lost when it ends";
  }

  /** Does nothing, since there is no schema. */
  @Override
  public void migrate() {}

  @Override
  public boolean insert(StoredWebhook webhook) {
    synchronized (lock) {
      return tables.insert(webhook);
    }
  }

  @Override
  public boolean update(StoredWebhook webhook) {
    synchronized (lock) {
      return tables.update(webhook);
    }
  }

  @Override
  public boolean delete(String id) {
    synchronized (lock) {
      return tables.delete(id);
    }
  }

  @Override
  public Map<String, StoredWebhook> find(Collection<String> ids) {
    synchronized (lock) {
      return tables.find(ids);
    }
  }

  @Override
  public List<Webhook> list(Environment environment, String after, int limit) {
    synchronized (lock) {
      return tables.list(environment, after, limit);
    }
  }

  @Override
  public List<Published> publish(
      List<NewEvent> events, Supplier<String> ids, Instant leaseUntil, Predicate<String> handOff) {
    synchronized (lock) {
      return publisher.publish(events, ids, leaseUntil, handOff);
    }
  }

  @Override
  public List<ClaimedDelivery> committed(List<ClaimedDelivery> handedOff) {
    synchronized (lock) {
      return handedOff.stream().flatMap(one -> tables.stored(one).stream()).toList();
    }
  }

  @Override
  public Claims claim(ClaimRequest request) {
    synchronized (lock) {
      return recorder.claim(request);
    }
  }

  @Override
  public Recorded record(List<Outcome> outcomes, Map<String, PausePolicy> policies, Instant now) {
    synchronized (lock) {
      return recorder.record(outcomes, policies, now);
    }
  }

  @Override
  public void release(Map<Lease, Instant> leases) {
    synchronized (lock) {
      recorder.release(leases);
    }
  }

  @Override
  public int end(String webhookId, DeliveryState state, Instant now, int limit) {
    synchronized (lock) {
      return recorder.end(webhookId, state, now, limit);
    }
  }

  @Override
  public Optional<Delivery> delivery(String id) {
    synchronized (lock) {
      return Optional.ofNullable(tables.row(id)).map(DeliveryRecord::toDelivery);
    }
  }

  @Override
  public DeliveryPage search(DeliveryQuery query) {
    synchronized (lock) {
      return new DeliverySearch(tables, query).page();
    }
  }

  @Override
  public DeliveryPage count(DeliveryQuery query) {
    synchronized (lock) {
      return new DeliverySearch(tables, query).count();
    }
  }

  @Override
  public List<Count> count(CountQuery query) {
    DeliveryCounts counting = new DeliveryCounts(tables, query);
    boolean hasMore;
    do {
      synchronized (lock) {
        hasMore = counting.countNext();
      }
    } while (hasMore);
    return counting.counts();
  }

  @Override
  public List<Attempt> failures(String webhookId, Instant since, Instant until, int limit) {
    synchronized (lock) {
      return backlogQueries.failures(webhookId, since, until, limit);
    }
  }

  @Override
  public List<AttemptStatistics> statistics(CountQuery query) {
    synchronized (lock) {
      return backlogQueries.statistics(query);
    }
  }

  @Override
  public Backlog backlog(Instant now) {
    synchronized (lock) {
      return backlogQueries.backlog(now);
    }
  }

  @Override
  public boolean redeliver(String deliveryId, String newId, Instant now) {
    synchronized (lock) {
      return redelivery.redeliver(deliveryId, newId, now);
    }
  }

  @Override
  public List<String> redeliverFailed(
      String webhookId, Instant since, Supplier<String> ids, Instant now, int limit) {
    synchronized (lock) {
      return redelivery.redeliverFailed(webhookId, since, ids, now, limit);
    }
  }

  @Override
  public boolean publishTo(NewEvent event, String webhookId, String deliveryId) {
    synchronized (lock) {
      return redelivery.publishTo(event, webhookId, deliveryId);
    }
  }

  @Override
  public Purge purge(Purge purge) {
    synchronized (lock) {
      return purger.purge(purge);
    }
  }

  @Override
  public List<Attempt> attempts(String deliveryId) {
    synchronized (lock) {
      return Optional.ofNullable(tables.row(deliveryId))
          .map(row -> List.copyOf(row.attempts))
          .orElse(List.of());
    }
  }

  @Override
  public Optional<EventBody> body(Environment environment, String eventId) {
    synchronized (lock) {
      return Optional.ofNullable(tables.events.find(environment, eventId)).map(EventEntry::body);
    }
  }
}
