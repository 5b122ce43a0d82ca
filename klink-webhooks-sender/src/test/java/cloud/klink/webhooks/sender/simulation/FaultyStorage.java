package cloud.klink.webhooks.sender.simulation;

import cloud.klink.webhooks.event.Environment;
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
import cloud.klink.webhooks.sender.reason.SenderReason;
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
import cloud.klink.webhooks.sender.storage.StorageException;
import cloud.klink.webhooks.sender.storage.StoredWebhook;
import cloud.klink.webhooks.sender.webhook.Webhook;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The cluster's storage as one run of a node sees it: slow, failing before or after the commit, and
 * deadly. The model sees each commit.
 */
final class FaultyStorage implements Storage {
  private static final List<String> LOOPS =
      List.of("claim ", "record ", "release ", "look for commits ");

  private final World world;
  private final NodeRun run;
  private final Storage cluster;

  FaultyStorage(World world, NodeRun run, Storage cluster) {
    this.world = world;
    this.run = run;
    this.cluster = cluster;
  }

  private <T> T call(String what, Supplier<T> effect) {
    return world.checked(run, () -> faultyCall(what, effect));
  }

  private <T> T faultyCall(String what, Supplier<T> effect) {
    run.check();
    world.storageLatency(run);
    world.callFault(run, what + " before");
    if (world.isDown(run) || world.storageError()) {
      throw failure(what + " failed before the commit");
    }
    T result = effect.get();
    world.callFault(run, what + " after");
    if (world.storageError()) {
      throw failure(what + " failed after the commit");
    }
    world.storageLatency(run);
    return result;
  }

  /** What the sender's own loops call may fail with whatever there is; people know exceptions. */
  private StorageException failure(String what) {
    world.note(run, what);
    if (LOOPS.stream().anyMatch(what::startsWith)) {
      world.storageErrorKind().ifPresent(kind -> {
        world.note(run, "throws", kind.getClass().getSimpleName());
        throw kind;
      });
    }
    return new StorageException(SenderReason.STORAGE_UNAVAILABLE, what, null);
  }

  @Override
  public void migrate() {
    cluster.migrate();
  }

  @Override
  public boolean insert(StoredWebhook webhook) {
    return call("insert", () -> {
      boolean done = cluster.insert(webhook);
      if (done) {
        world.note(run, "created", webhook.webhook());
        world.model.inserted(run, world.keys.opened(webhook));
      }
      return done;
    });
  }

  @Override
  public boolean update(StoredWebhook webhook) {
    return call("update", () -> {
      boolean done = cluster.update(webhook);
      world.note(run, done ? "updated" : "refused", webhook.webhook());
      if (done) {
        world.model.updated(run, world.keys.opened(webhook), world.now());
      }
      return done;
    });
  }

  @Override
  public boolean delete(String id) {
    return call("delete", () -> {
      boolean done = cluster.delete(id);
      if (done) {
        world.note(run, "deleted", id);
        world.model.deleted(run, id);
      }
      return done;
    });
  }

  @Override
  public void awaitCopies() {
    call("await copies", () -> {
      cluster.awaitCopies();
      return true;
    });
  }

  @Override
  public Map<String, StoredWebhook> find(Collection<String> ids) {
    try {
      return call("find", () -> readable(ids));
    } finally {
      world.model.learned(run, world.now());
    }
  }

  /** A damaged one is left out, and is an error if it is the only one. */
  private Map<String, StoredWebhook> readable(Collection<String> ids) {
    Map<String, StoredWebhook> found = new HashMap<>(cluster.find(ids));
    if (found.keySet().removeIf(world::isDamaged) && ids.size() == 1) {
      world.note(run, "finds damage", ids);
      throw new StorageException(SenderReason.STORAGE_CORRUPT, "damaged", null);
    }
    if (!found.values().stream().allMatch(stored -> Keys.canRead(run.secretCodec, stored))) {
      world.note(run, "lacks a key for one of", ids);
    }
    return found;
  }

  @Override
  public List<Webhook> list(Environment environment, String after, int limit) {
    return call("list", () -> cluster.list(environment, after, limit));
  }

  @Override
  public List<Published> publish(
      List<NewEvent> events, Supplier<String> ids, Instant leaseUntil, Predicate<String> takes) {
    List<Published> published = call("publish", () -> {
      List<Published> results = cluster.publish(events, ids, leaseUntil, takes);
      results.forEach(one -> world.note(run, "published", one.eventId(), one.deliveryIds()));
      world.model.published(run, events, results, world.now());
      return results;
    });
    world.model.learned(run, world.now());
    return published;
  }

  @Override
  public boolean isTransactional() {
    return true;
  }

  @Override
  public List<Published> publish(
      Connection connection,
      List<NewEvent> events,
      Supplier<String> ids,
      Instant leaseUntil,
      Predicate<String> handOff) {
    return call("publish in a transaction", () -> {
      List<Published> planned =
          Transaction.of(connection).add(cluster, events, ids, leaseUntil, handOff);
      planned.forEach(
          one -> world.note(run, "publishes uncommitted", one.eventId(), one.deliveryIds()));
      return planned;
    });
  }

  /** The caller commits; people's business, but the storage's to do. */
  void commit(Transaction transaction) {
    call("commit", () -> {
      if (!transaction.canCommit(cluster)) {
        throw new StorageException(SenderReason.STORAGE_UNAVAILABLE, "a conflict", null);
      }
      List<Published> results = transaction.commit(cluster);
      results.forEach(one -> world.note(run, "committed", one.eventId(), one.deliveryIds()));
      world.model.published(run, transaction.events(), results, world.now());
      return true;
    });
  }

  @Override
  public List<ClaimedDelivery> committed(List<ClaimedDelivery> handedOff) {
    List<ClaimedDelivery> committed = call("look for commits", () -> cluster.committed(handedOff));
    world.model.learned(run, world.now());
    world.tally.merge("delivery found committed", committed.size(), Integer::sum);
    return committed;
  }

  @Override
  public Claims claim(ClaimRequest request) {
    Claims claims = call("claim", () -> {
      if (world.isRefused(request)) {
        world.note(run, "claim refused");
        throw new StorageException(SenderReason.STORAGE_REFUSED, "refused", null);
      }
      Claims result = cluster.claim(request);
      result.deliveries().forEach(one -> world.note(run, "claimed", one.lease()));
      world.model.claimed(run, request, result, world.now());
      return result;
    });
    world.model.learned(run, world.now());
    return claims;
  }

  @Override
  public Recorded record(List<Outcome> outcomes, Map<String, PausePolicy> policies, Instant now) {
    long start = world.now();
    run.records.add(start);
    boolean returned = false;
    try {
      Recorded recorded = call("record", () -> recordFree(outcomes, policies, now));
      world.records.returned(run, recorded);
      returned = true;
      return recorded;
    } finally {
      run.records.remove(start);
      if (!returned && run.isStopping()) {
        run.failedRecordsOfStop++;
      }
      if (!returned || world.now() - start > NodeRun.SLOW) {
        run.trouble(world.now());
      }
    }
  }

  /** Writes outcomes and checks webhooks, but for those that are locked. */
  private Recorded recordFree(
      List<Outcome> outcomes, Map<String, PausePolicy> policies, Instant now) {
    world.records.presented(outcomes);
    if (outcomes.stream().anyMatch(world::isRefused)) {
      world.note(run, "refused", outcomes.size());
      throw new StorageException(SenderReason.STORAGE_REFUSED, "refused", null);
    }
    if (outcomes.stream().anyMatch(world::isFailing)) {
      world.note(run, "fails at one of", outcomes.size());
      throw new StorageException(SenderReason.STORAGE_UNAVAILABLE, "fails at an outcome", null);
    }
    List<Outcome> written = new ArrayList<>(outcomes);
    written.removeIf(world::isLocked);
    Map<String, PausePolicy> checked = new HashMap<>(policies);
    checked.keySet().removeIf(world::isLocked);
    Recorded found = cluster.record(written, checked, now);
    Set<String> locked = new HashSet<>(policies.keySet());
    locked.removeAll(checked.keySet());
    Set<Lease> lockedDeliveries = new HashSet<>();
    outcomes.stream().filter(world::isLocked).forEach(one -> lockedDeliveries.add(one.lease()));
    Recorded result = new Recorded(
        found.stale(),
        found.missing(),
        found.paused(),
        found.alreadyPaused(),
        locked,
        lockedDeliveries);
    written.forEach(one ->
        world.note(run, "recorded", one.lease(), one.state(), one.retryAt().orElse(null)));
    lockedDeliveries.forEach(lease -> {
      world.note(run, "finds locked", lease);
      run.trouble(world.now());
    });
    locked.forEach(id -> {
      world.note(run, "finds locked", id);
      // Its minute begins when the lock has ended.
      run.toLookAt.computeIfPresent(id, (any, since) -> run.time());
    });
    world.records.recorded(run, written, checked.keySet(), now, result, this::stored);
    return result;
  }

  private StoredWebhook stored(String id) {
    return world.keys.opened(Objects.requireNonNull(cluster.find(List.of(id)).get(id)));
  }

  @Override
  public void release(Map<Lease, Instant> leases) {
    call("release", () -> {
      cluster.release(leases);
      leases.forEach((lease, due) -> {
        world.note(run, "released", lease, due);
        world.model.released(run, lease.deliveryId(), lease.token(), due);
      });
      return true;
    });
  }

  @Override
  public int end(String webhookId, DeliveryState state, Instant now, int limit) {
    return call("end", () -> {
      int count = cluster.end(webhookId, state, now, limit);
      world.note(run, "ended", webhookId, state, count);
      world.model.ended(webhookId, state, now, limit, count);
      return count;
    });
  }

  @Override
  public Optional<Delivery> delivery(String id) {
    return call("delivery", () -> cluster.delivery(id));
  }

  @Override
  public DeliveryPage search(DeliveryQuery query) {
    return call("search", () -> cluster.search(query));
  }

  @Override
  public List<Count> count(CountQuery query) {
    return call("count", () -> cluster.count(query));
  }

  @Override
  public List<AttemptStatistics> statistics(CountQuery query) {
    return call("statistics", () -> cluster.statistics(query));
  }

  @Override
  public Map<String, List<AttemptStatistics>> statistics(
      CountQuery query, Collection<String> webhookIds) {
    return call("statistics", () -> cluster.statistics(query, webhookIds));
  }

  @Override
  public List<Attempt> failures(String webhookId, Instant since, Instant until, int limit) {
    run.listenerHeldUp = true;
    return call("failures", () -> cluster.failures(webhookId, since, until, limit));
  }

  @Override
  public Backlog backlog(Instant now) {
    return call("backlog", () -> cluster.backlog(now));
  }

  @Override
  public boolean redeliver(String deliveryId, String newId, Instant now) {
    return call("redeliver", () -> {
      boolean done = cluster.redeliver(deliveryId, newId, now);
      world.note(run, done ? "redelivered" : "not redelivered", deliveryId, newId);
      world.again.redelivered(deliveryId, newId, now, done);
      return done;
    });
  }

  @Override
  public List<String> redeliverFailed(
      String webhookId, Instant since, Supplier<String> ids, Instant now, int limit) {
    return call("redeliverFailed", () -> {
      List<String> newIds = cluster.redeliverFailed(webhookId, since, ids, now, limit);
      newIds.forEach(id -> world.note(run, "redelivered failed", id));
      world.again.redeliveredFailed(webhookId, since, newIds, now, limit);
      return newIds;
    });
  }

  @Override
  public boolean publishTo(NewEvent event, String webhookId, String deliveryId) {
    return call("publishTo", () -> {
      boolean done = cluster.publishTo(event, webhookId, deliveryId);
      world.note(run, done ? "tested" : "not tested", webhookId, deliveryId);
      world.again.publishedTo(event, webhookId, deliveryId, done);
      return done;
    });
  }

  @Override
  public Purge purge(Purge purge) {
    return call("purge", () -> {
      Purge purged = cluster.purge(purge);
      world.purged(run, purge, purged);
      return purged;
    });
  }

  @Override
  public List<Attempt> attempts(String deliveryId) {
    return call("attempts", () -> cluster.attempts(deliveryId));
  }

  @Override
  public Optional<EventBody> body(Environment environment, String eventId) {
    return call("body", () -> cluster.body(environment, eventId));
  }
}
