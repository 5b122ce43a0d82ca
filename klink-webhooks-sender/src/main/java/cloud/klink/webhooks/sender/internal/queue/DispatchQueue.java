package cloud.klink.webhooks.sender.internal.queue;

import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries that this node has claimed and not yet finished: a queue for each webhook, and the
 * limits. A free slot goes to the webhook with the fewest attempts in flight, and of these to the
 * one that has waited longest. Webhooks that are not {@link SpeedClass#QUICK} get only the part of
 * the {@link AttemptSlots} and of the {@link QueueCapacity} that {@link SlotShares} allows. During
 * an outage of this node, webhooks that failed in it get only probes. One lock guards all of this.
 */
public final class DispatchQueue {
  /** One in this many places is reserved for deliveries that wait in the storage. */
  private static final int STORAGE_SHARE = 8;

  private final DispatchSettings settings;
  private final Supplier<Instant> clock;
  private final Map<String, WebhookQueue> queues = new HashMap<>();
  private final EndpointSpeeds speeds = new EndpointSpeeds();
  private final ThrottledQueues throttled = new ThrottledQueues();
  private final AttemptSlots slots;
  private final QueueCapacity memory;
  private final ClaimDemand demand;
  private final List<QueuedDelivery> dropped = new ArrayList<>();
  private final RecentWebhookChanges changes = new RecentWebhookChanges();
  private final OutageProbes probes;
  private long turn;
  private boolean closed;

  public DispatchQueue(DispatchSettings settings, Supplier<Instant> clock) {
    this.settings = settings;
    this.clock = clock;
    this.slots = new AttemptSlots(settings.maxConcurrent());
    this.memory = new QueueCapacity(slots, settings);
    this.probes = new OutageProbes(settings.outage().probeInterval());
    this.demand = new ClaimDemand(settings, memory, probes, clock);
  }

  /**
   * The current point in the order of changes: a claim that begins now has not seen later changes.
   */
  public synchronized long epoch() {
    return changes.epoch();
  }

  /** The result of a reservation. */
  public enum Place {
    TAKEN,
    QUEUE_FULL,
    NONE
  }

  /**
   * Reserves a place for a delivery that is being published, if there is one. Where webhooks share
   * slots, deliveries that wait in the storage have priority, except over a webhook that was never
   * tried.
   */
  public synchronized Place reserve(String webhookId, long body) {
    if (closed || !probes.allows(webhookId) || !memory.hasRoomFor(body)) {
      return Place.NONE;
    }
    WebhookQueue queue = queue(webhookId);
    queue.notePublished();
    if (queue.speed().isTimeDependent()) {
      queue.reclassify(clock.get());
    }
    Place place = place(queue);
    if (place == Place.TAKEN) {
      queue.reserve(1);
      memory.reserve(body);
    }
    update(queue);
    return place;
  }

  /**
   * Whether there is a place for a delivery whose transaction was committed. If there is none, it
   * is to be released and claimed.
   */
  public synchronized boolean hasPlace(ClaimedDelivery delivery) {
    int body = delivery.body().length();
    boolean isFree = reserve(delivery.webhookId(), body) == Place.TAKEN;
    if (isFree) {
      unreserve(delivery.webhookId(), body);
    }
    return isFree;
  }

  private Place place(WebhookQueue queue) {
    if (queue.isQuick()) {
      int reserved = demand.isAnyWaiting() ? memory.capacity() / STORAGE_SHARE : 0;
      if (!memory.hasGuaranteedPlace(queue) && memory.room() <= reserved) {
        return Place.NONE;
      }
    } else {
      boolean isFirst = queue.isUntried() && queue.mayBeLatest();
      if (isFirst) {
        queue.setLatest(true);
      }
      if (!memory.admits(queue) || (!isFirst && demand.isOtherWaiting())) {
        return Place.QUEUE_FULL;
      }
    }
    return queue.allowance(time(queue)) > 0 ? Place.TAKEN : Place.QUEUE_FULL;
  }

  /** Notes that unclaimed deliveries are due in the storage. */
  public synchronized void noteMore() {
    demand.noteMore();
  }

  /** Notes that unclaimed deliveries of these webhooks are due in the storage. */
  public synchronized void noteMore(Set<String> webhookIds) {
    for (String webhookId : webhookIds) {
      WebhookQueue queue = queue(webhookId);
      queue.notePublished();
      demand.noteMore(queue);
      update(queue);
    }
  }

  /**
   * Notes that leases were released, so that a claim finds their deliveries when they are due. A
   * claim that came before the release has not found them.
   *
   * @return after which time to claim what is due later; empty if there is none
   */
  public synchronized Optional<Duration> released(List<UnusedLease> leases) {
    Instant now = clock.get();
    Instant next = null;
    for (UnusedLease lease : leases) {
      if (lease.dueAt().isAfter(now)) {
        next = earliest(next, lease.dueAt());
      } else if (probes.allows(lease.webhookId())) {
        WebhookQueue queue = queue(lease.webhookId());
        demand.noteMore(queue);
        update(queue);
      }
    }
    return Optional.ofNullable(next).map(due -> Duration.between(now, due));
  }

  public synchronized void unreserve(String webhookId, long body) {
    WebhookQueue queue = queue(webhookId);
    queue.reserve(-1);
    memory.unreserve(body);
    update(queue);
  }

  /**
   * Queues a delivery, unless its webhook was changed after the claim began, its rate limit does
   * not allow a start soon, its webhook already has its share, the queue is closed, or an outage
   * holds the webhook back.
   */
  public synchronized boolean add(QueuedDelivery delivery, long claimedAt) {
    if (closed || changes.isChangedSince(delivery.webhookId(), claimedAt)) {
      return false;
    }
    WebhookQueue queue = queue(delivery.webhookId());
    queue.adopt(delivery.prepared(), clock.get());
    if (demand.isFresh(delivery.delivery())) {
      queue.notePublished();
    }
    boolean accepted = queue.hasTokenSoon(time(queue));
    if (accepted
        && !queue.isQuick()
        && !memory.admitsClaimed(queue, !probes.allows(delivery.webhookId()))) {
      accepted = false;
      queue.refuse();
      demand.refused();
    }
    accepted = accepted && probes.admit(delivery.webhookId(), claimedAt);
    if (accepted) {
      queue.add(delivery);
      memory.queue(delivery);
    }
    update(queue);
    return accepted;
  }

  /**
   * The next delivery to start, or null. Deliveries that are removed from their queues are added to
   * {@code removed}.
   */
  public synchronized @Nullable QueuedDelivery next(List<QueuedDelivery> removed) {
    // Read under the lock: times out of order would count tokens twice.
    Instant now = clock.get();
    markOverdue(now);
    removed.addAll(dropped());
    for (WebhookQueue queue = slots.next(); queue != null; queue = slots.next()) {
      QueuedDelivery delivery = queue.startable(now) > 0 ? queue.poll() : null;
      if (delivery == null) {
        update(queue);
        continue;
      }
      boolean starts = delivery.mayStart(now);
      if (starts) {
        memory.start();
        slots.inFlight().add(delivery, now);
        queue.started(now, ++turn);
      } else {
        memory.drop(delivery);
        removed.add(delivery);
      }
      update(queue);
      if (starts) {
        return delivery;
      }
    }
    return null;
  }

  /** Marks the attempts that have become slow. */
  private void markOverdue(Instant now) {
    for (QueuedDelivery delivery : slots.inFlight().overdue(now)) {
      WebhookQueue queue = queue(delivery.webhookId());
      queue.markOverdue();
      speeds.remember(queue.webhookId(), queue.speed());
      reclassify(queue, now);
      update(queue);
    }
  }

  /**
   * Updates the speed class of a queue. If it is no longer quick, its queued deliveries are
   * dropped, since it now shares slots.
   */
  private void reclassify(WebhookQueue queue, Instant now) {
    boolean wasQuick = queue.isQuick();
    queue.reclassify(now);
    if (wasQuick && !queue.isQuick() && queue.queued() > 0) {
      List<QueuedDelivery> deliveries = queue.removeAll();
      deliveries.forEach(memory::drop);
      dropped.addAll(deliveries);
    }
  }

  /** The deliveries that were dropped since the last call. */
  public synchronized List<QueuedDelivery> dropped() {
    if (dropped.isEmpty()) {
      return List.of();
    }
    List<QueuedDelivery> all = List.copyOf(dropped);
    dropped.clear();
    return all;
  }

  /** How many deliveries could be started now. */
  public synchronized int startable() {
    Instant now = clock.get();
    markOverdue(now);
    throttled.removeDue(now).forEach(this::update);
    return slots.startable(now);
  }

  /** When the next queue can continue without another event; null if none can. */
  public synchronized @Nullable Instant nextWakeup() {
    Instant wakeup = earliest(throttled.next(), probes.next());
    // A new webhook that turns out to be slow moves to another share.
    return earliest(wakeup, slots.nextOverdue(demand.isOtherWaiting()));
  }

  private static @Nullable Instant earliest(@Nullable Instant one, @Nullable Instant other) {
    return one == null || (other != null && other.isBefore(one)) ? other : one;
  }

  /**
   * Notes the end of an attempt.
   *
   * @param isAnswer whether the endpoint was reached and the attempt did not time out
   */
  public synchronized void finished(QueuedDelivery delivery, Duration took, boolean isAnswer) {
    Instant now = clock.get();
    markOverdue(now);
    AttemptsInFlight.Age age = slots.inFlight().remove(delivery);
    if (age != AttemptsInFlight.Age.NONE) {
      memory.end(delivery);
      WebhookQueue queue = queue(delivery.webhookId());
      queue.finished(took, isAnswer, age == AttemptsInFlight.Age.SLOW, now);
      memory.addDuration(took);
      speeds.remember(queue.webhookId(), queue.speed());
      update(queue);
    }
  }

  /**
   * Handles the change of a webhook: its queued deliveries are dropped, and those being claimed
   * will be.
   */
  public synchronized List<QueuedDelivery> drop(String webhookId) {
    changes.add(webhookId);
    WebhookQueue queue = queues.get(webhookId);
    if (queue == null) {
      return List.of();
    }
    queue.invalidatePolicy();
    return clear(queue);
  }

  private List<QueuedDelivery> clear(WebhookQueue queue) {
    List<QueuedDelivery> deliveries = queue.removeAll();
    deliveries.forEach(memory::drop);
    update(queue);
    return deliveries;
  }

  private List<QueuedDelivery> clearAll() {
    List<QueuedDelivery> all = new ArrayList<>(dropped());
    List.copyOf(queues.values()).forEach(queue -> all.addAll(clear(queue)));
    return all;
  }

  /**
   * Closes the queue: no attempt starts any more. Returns the queued deliveries, whose leases must
   * be released.
   */
  public synchronized List<QueuedDelivery> close() {
    closed = true;
    return clearAll();
  }

  // --- during an outage

  /**
   * Begins an outage.
   *
   * @param answered webhooks whose endpoints have answered; empty if none has answered this node
   *     yet
   * @return the queued deliveries that are dropped
   */
  public synchronized List<QueuedDelivery> beginOutage(Set<String> answered) {
    probes.begin(changes.next(), clock.get(), answered);
    return probes.hasNoAnswers() ? clearAll() : List.of();
  }

  /**
   * Handles a failure in the outage: the webhook's queued deliveries are dropped, and it is probed.
   */
  public synchronized List<QueuedDelivery> probeOnly(String webhookId) {
    probes.addFailed(webhookId);
    WebhookQueue queue = queues.get(webhookId);
    return queue == null || probes.allows(webhookId) ? List.of() : clear(queue);
  }

  /** Ends the outage: all webhooks are claimed and sent again. */
  public synchronized void endOutage() {
    probes.end();
    demand.endOutage();
  }

  // --- state

  public synchronized List<QueuedDelivery> inFlight() {
    return slots.inFlight().all();
  }

  public synchronized int inFlightCount() {
    return slots.inFlightCount();
  }

  public synchronized int queuedCount() {
    return memory.queued();
  }

  /** Whether no more than one attempt is in flight. */
  public synchronized boolean isLast() {
    return slots.inFlightCount() <= 1;
  }

  public synchronized boolean isIdle() {
    return slots.inFlightCount() == 0;
  }

  // --- claiming

  /** Whether a claim now would return deliveries that are known to wait, and enough of them. */
  public synchronized boolean shouldClaim() {
    if (closed) {
      return false;
    }
    if (probes.isActive() && probes.isDue(clock.get())) {
      return true;
    }
    return demand.shouldClaim();
  }

  /** The next claim, or null if there is no room. */
  public synchronized @Nullable ClaimRequest demand(String after) {
    Instant now = clock.get();
    if (closed) {
      return null;
    }
    markOverdue(now);
    if (probes.isDue(now)) {
      return probes.demand(now, now.plus(settings.lease()), queues.values(), memory.claimBytes());
    }
    List<WebhookQueue> changed = new ArrayList<>();
    ClaimRequest request = demand.request(queues.values(), after, now, changed);
    changed.forEach(this::update);
    return request;
  }

  /** Notes the result of a claim. */
  public synchronized void claimed(ClaimRequest request, Map<String, Integer> counts, int total) {
    if (probes.claimed(request)) {
      return;
    }
    List<WebhookQueue> changed = new ArrayList<>();
    demand.claimed(request, counts, total, this::queue, changed);
    changed.forEach(this::update);
  }

  private WebhookQueue queue(String webhookId) {
    return queues.computeIfAbsent(webhookId, id -> {
      EndpointSpeed speed = speeds.of(id);
      Instant now = speed.isTimeDependent() ? clock.get() : Instant.EPOCH;
      return new WebhookQueue(id, speed, settings, ++turn, now);
    });
  }

  /** The current time if the queue's state depends on it. */
  private Instant time(WebhookQueue queue) {
    return queue.time(clock);
  }

  /** Updates the position of a queue after it has changed. */
  private void update(WebhookQueue queue) {
    Instant now = time(queue);
    boolean changed = queue.updateShares(slots.shares(), memory.shares());
    slots.put(queue, queue.startable(now) > 0);
    throttled.put(queue, queue.nextThrottle(now));
    demand.put(queue, queue.hasMore() && queue.throttledUntil() == null, changed);
    if (queue.isIdle() && queue.throttledUntil() == null) {
      queues.remove(queue.webhookId());
    }
  }
}
