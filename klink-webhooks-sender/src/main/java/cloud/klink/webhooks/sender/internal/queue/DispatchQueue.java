package cloud.klink.webhooks.sender.internal.queue;

import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node has claimed and not yet finished: a queue for each webhook, and the limits. A free
 * slot goes to the webhook with the fewest attempts in flight, and of these to the one that has
 * waited longest. Webhooks that are not {@link SpeedClass#QUICK} get only the part of the
 * {@link AttemptSlots} and of the {@link QueueCapacity} that {@link SlotShares} allows. During an
 * outage of this node's own, webhooks that failed in it get only probes. One lock guards
 * everything.
 */
public final class DispatchQueue {
  /** One in this many places is kept for deliveries that wait in the storage. */
  private static final int KEPT = 8;

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

  /** A point in the order of changes: a claim begun at it has not seen later changes. */
  public synchronized long epoch() {
    return changes.epoch();
  }

  /** Whether a place was taken. */
  public enum Place {
    TAKEN,
    NONE_IN_QUEUE,
    NONE
  }

  /**
   * Takes a place for a delivery that is being published, if there is one. Where webhooks share
   * slots, deliveries that wait in the storage come first; but a webhook that was never tried
   * begins at once.
   */
  public synchronized Place reserve(String webhookId, long body) {
    if (closed || !probes.lets(webhookId) || !memory.hasRoomFor(body)) {
      return Place.NONE;
    }
    WebhookQueue queue = queue(webhookId);
    queue.isFresh();
    if (queue.speed().changes()) {
      queue.combine(clock.get());
    }
    Place place = place(queue);
    if (place == Place.TAKEN) {
      queue.reserve(1);
      memory.reserve(body);
    }
    settle(queue);
    return place;
  }

  private Place place(WebhookQueue queue) {
    if (queue.isQuick()) {
      int kept = demand.isAnyWaiting() ? memory.capacity() / KEPT : 0;
      if (!memory.enters(queue) && memory.room() <= kept) {
        return Place.NONE;
      }
    } else {
      boolean isFirst = queue.isUntried() && queue.mayBeLatest();
      if (isFirst) {
        queue.setLatest(true);
      }
      if (!memory.admits(queue) || (!isFirst && demand.isOtherWaiting())) {
        return Place.NONE_IN_QUEUE;
      }
    }
    return queue.allowance(time(queue)) > 0 ? Place.TAKEN : Place.NONE_IN_QUEUE;
  }

  /** Deliveries are due in the storage that no node has claimed. */
  public synchronized void noteMore() {
    demand.noteMore();
  }

  /** Deliveries of these webhooks are due in the storage that no node has claimed. */
  public synchronized void noteMore(Set<String> webhookIds) {
    for (String webhookId : webhookIds) {
      WebhookQueue queue = queue(webhookId);
      queue.isFresh();
      queue.setMore(true);
      settle(queue);
    }
  }

  public synchronized void unreserve(String webhookId, long body) {
    WebhookQueue queue = queue(webhookId);
    queue.reserve(-1);
    memory.unreserve(body);
    settle(queue);
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
    queue.learn(delivery.prepared(), clock.get());
    if (demand.isFresh(delivery.delivery())) {
      queue.isFresh();
    }
    boolean taken = queue.mayTake(time(queue));
    if (taken && !queue.isQuick() && !memory.takes(queue, !probes.lets(delivery.webhookId()))) {
      taken = false;
      queue.refuse();
      demand.refused();
    }
    if (!taken) {
      queue.setMore(true);
    }
    taken = taken && probes.take(delivery.webhookId(), claimedAt);
    if (taken) {
      queue.add(delivery);
      memory.queue(delivery);
    }
    settle(queue);
    return taken;
  }

  /** The next delivery to start; those that are no longer queued are added to {@code given}. */
  public synchronized @Nullable QueuedDelivery next(List<QueuedDelivery> given) {
    // Read under the lock: times out of order would count tokens twice.
    Instant now = clock.get();
    age(now);
    given.addAll(dropped());
    for (WebhookQueue queue = slots.next(); queue != null; queue = slots.next()) {
      QueuedDelivery delivery = queue.startable(now) > 0 ? queue.poll() : null;
      if (delivery == null) {
        settle(queue);
        continue;
      }
      boolean starts = delivery.mayStart(now);
      if (starts) {
        memory.start();
        slots.inFlight().add(delivery, now);
        queue.started(now, ++turn);
      } else {
        memory.giveUp(delivery);
        given.add(delivery);
        queue.setMore(true);
      }
      settle(queue);
      if (starts) {
        return delivery;
      }
    }
    return null;
  }

  /** Finds the attempts that have become slow. */
  private void age(Instant now) {
    for (QueuedDelivery delivery : slots.inFlight().overdue(now)) {
      WebhookQueue queue = queue(delivery.webhookId());
      queue.overdue();
      speeds.remember(queue.webhookId(), queue.speed());
      combine(queue, now);
      settle(queue);
    }
  }

  /**
   * Gives up the queued deliveries of a webhook that is no longer quick, since it now shares slots.
   */
  private void combine(WebhookQueue queue, Instant now) {
    boolean wasQuick = queue.isQuick();
    queue.combine(now);
    if (wasQuick && !queue.isQuick() && queue.queued() > 0) {
      List<QueuedDelivery> deliveries = queue.removeAll();
      deliveries.forEach(memory::giveUp);
      dropped.addAll(deliveries);
      queue.setMore(true);
    }
  }

  /** The deliveries given up since the last call. */
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
    age(now);
    throttled.wake(now).forEach(this::settle);
    return slots.startable(now);
  }

  /** When the next queue can continue without any other event; null if none can. */
  public synchronized @Nullable Instant nextRest() {
    Instant rest = earlier(throttled.next(), probes.next());
    // A new webhook that turns out to be slow moves to another share then.
    return earlier(rest, slots.nextOverdue(demand.isOtherWaiting()));
  }

  private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    return one == null || (other != null && other.isBefore(one)) ? other : one;
  }

  /**
   * An attempt has ended.
   *
   * @param isAnswer whether the endpoint was reached and did not let it time out
   */
  public synchronized void finished(QueuedDelivery delivery, Duration took, boolean isAnswer) {
    Instant now = clock.get();
    age(now);
    AttemptsInFlight.Age age = slots.inFlight().remove(delivery);
    if (age != AttemptsInFlight.Age.NONE) {
      memory.end(delivery);
      WebhookQueue queue = queue(delivery.webhookId());
      queue.finished(took, isAnswer, age == AttemptsInFlight.Age.SLOW, now);
      memory.took(took);
      speeds.remember(queue.webhookId(), queue.speed());
      settle(queue);
    }
  }

  /** A webhook was changed: its queued deliveries are given up, and those being claimed will be. */
  public synchronized List<QueuedDelivery> drop(String webhookId) {
    changes.add(webhookId);
    WebhookQueue queue = queues.get(webhookId);
    if (queue == null) {
      return List.of();
    }
    queue.doubt();
    return empty(queue);
  }

  private List<QueuedDelivery> empty(WebhookQueue queue) {
    List<QueuedDelivery> deliveries = queue.removeAll();
    deliveries.forEach(memory::giveUp);
    settle(queue);
    return deliveries;
  }

  private List<QueuedDelivery> emptyAll() {
    List<QueuedDelivery> all = new ArrayList<>(dropped());
    List.copyOf(queues.values()).forEach(queue -> all.addAll(empty(queue)));
    return all;
  }

  /** Starts nothing more. Returns the queued deliveries, whose leases must be released. */
  public synchronized List<QueuedDelivery> close() {
    closed = true;
    return emptyAll();
  }

  // --- during an outage

  /**
   * An outage begins.
   *
   * @param answered webhooks whose endpoints have answered; empty if none has answered this node
   *     yet
   * @return the queued deliveries that are given up
   */
  public synchronized List<QueuedDelivery> hold(Set<String> answered) {
    probes.begin(changes.next(), clock.get(), answered);
    return probes.isFresh() ? emptyAll() : List.of();
  }

  /** A webhook has failed in the outage: its queued deliveries are given up, and it is probed. */
  public synchronized List<QueuedDelivery> rest(String webhookId) {
    probes.rest(webhookId);
    WebhookQueue queue = queues.get(webhookId);
    return queue == null || probes.lets(webhookId) ? List.of() : empty(queue);
  }

  /** The outage is over: all webhooks are claimed and sent again. */
  public synchronized void goOn() {
    probes.end();
    demand.goOn();
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

  /** Whether a claim now would bring something that is known to wait, and enough of it. */
  public synchronized boolean isHungry() {
    if (closed) {
      return false;
    }
    if (probes.areOn() && probes.areWanted(clock.get())) {
      return true;
    }
    return demand.isHungry();
  }

  /** What to claim, or null if there is no room. */
  public synchronized @Nullable ClaimRequest demand(String after) {
    Instant now = clock.get();
    if (closed) {
      return null;
    }
    age(now);
    if (probes.areWanted(now)) {
      return probes.demand(now, now.plus(settings.lease()), queues.values(), memory.claimBytes());
    }
    List<WebhookQueue> changed = new ArrayList<>();
    ClaimRequest request = demand.request(queues.values(), after, now, changed);
    changed.forEach(this::settle);
    return request;
  }

  /** Notes where a claim met a limit, so that there may be more. */
  public synchronized void claimed(ClaimRequest request, Map<String, Integer> counts, int total) {
    if (probes.claimed(request)) {
      return;
    }
    List<WebhookQueue> changed = new ArrayList<>();
    demand.claimed(request, counts, total, this::queue, changed);
    changed.forEach(this::settle);
  }

  private WebhookQueue queue(String webhookId) {
    return queues.computeIfAbsent(webhookId, id -> {
      EndpointSpeed speed = speeds.of(id);
      Instant now = speed.changes() ? clock.get() : Instant.EPOCH;
      return new WebhookQueue(id, speed, settings, ++turn, now);
    });
  }

  /** The current time if the queue's state depends on it. */
  private Instant time(WebhookQueue queue) {
    return queue.time(clock);
  }

  /** Puts a queue where it belongs after it has changed. */
  private void settle(WebhookQueue queue) {
    Instant now = time(queue);
    boolean changed = queue.count(slots.shares(), memory.shares());
    slots.put(queue, queue.startable(now) > 0);
    throttled.put(queue, queue.restsUntil(now));
    demand.put(queue, queue.hasMore() && queue.rest() == null, changed);
    if (queue.isIdle() && queue.rest() == null) {
      queues.remove(queue.webhookId());
    }
  }
}
