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
 * waited longest. Those that are not {@link SpeedClass#QUICK} have no more of the
 * {@link AttemptSlots}, and of the {@link QueueCapacity}, than {@link SlotShares} lets them. During
 * an outage of this node's own, it takes of webhooks that failed in it nothing but probes. Its own
 * lock guards all.
 */
public final class DispatchQueue {
  /** The part of the room that is kept for deliveries in the storage, if there are some. */
  private static final int KEPT = 8;

  private final DispatchSettings settings;
  private final Supplier<Instant> clock;
  private final Map<String, WebhookQueue> queues = new HashMap<>();
  private final EndpointSpeeds standings = new EndpointSpeeds();
  private final ThrottledQueues resting = new ThrottledQueues();
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

  /** A moment to compare changes with: claims begun at it do not know of later ones. */
  public synchronized long epoch() {
    return changes.epoch();
  }

  /** Whether there is a place. */
  public enum Place {
    TAKEN,
    NONE_IN_QUEUE,
    NONE
  }

  /**
   * Takes a place for a delivery that is being published, if there is one. What waits in the
   * storage has its turn first, where webhooks share slots; but one of which nothing is known yet
   * begins at once.
   */
  public synchronized Place reserve(String webhookId, long body) {
    if (closed || !probes.lets(webhookId) || !memory.hasRoomFor(body)) {
      return Place.NONE;
    }
    WebhookQueue queue = queue(webhookId);
    queue.isFresh();
    if (queue.standing().changes()) {
      queue.judge(clock.get());
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
   * Queues a job, unless its webhook was changed since the claim began, its rate does not let it
   * start soon, it has its share already, all is closed, or an outage holds it back.
   */
  public synchronized boolean add(QueuedDelivery job, long claimedAt) {
    if (closed || changes.isChangedSince(job.webhookId(), claimedAt)) {
      return false;
    }
    WebhookQueue queue = queue(job.webhookId());
    queue.learn(job.target(), clock.get());
    if (demand.isFresh(job.delivery())) {
      queue.isFresh();
    }
    boolean taken = queue.mayTake(time(queue));
    if (taken && !queue.isQuick() && !memory.takes(queue, !probes.lets(job.webhookId()))) {
      taken = false;
      queue.refuse();
      demand.refused();
    }
    if (!taken) {
      queue.setMore(true);
    }
    taken = taken && probes.take(job.webhookId(), claimedAt);
    if (taken) {
      queue.add(job);
      memory.queue(job);
    }
    settle(queue);
    return taken;
  }

  /** The next job to start; those that are given up go to {@code given}. */
  public synchronized @Nullable QueuedDelivery next(List<QueuedDelivery> given) {
    // Asked for here, since tokens would be counted twice if times came out of their order.
    Instant now = clock.get();
    age(now);
    given.addAll(dropped());
    for (WebhookQueue queue = slots.next(); queue != null; queue = slots.next()) {
      QueuedDelivery job = queue.startable(now) > 0 ? queue.poll() : null;
      if (job == null) {
        settle(queue);
        continue;
      }
      boolean starts = job.mayStart(now);
      if (starts) {
        memory.start();
        slots.inFlight().add(job, now);
        queue.started(now, ++turn);
      } else {
        memory.giveUp(job);
        given.add(job);
        queue.setMore(true);
      }
      settle(queue);
      if (starts) {
        return job;
      }
    }
    return null;
  }

  /** Notices which attempts have become slow. */
  private void age(Instant now) {
    for (QueuedDelivery job : slots.inFlight().overdue(now)) {
      WebhookQueue queue = queue(job.webhookId());
      queue.overdue();
      standings.remember(queue.webhookId(), queue.standing());
      judge(queue, now);
      settle(queue);
    }
  }

  /** What is queued for a webhook that is quick no longer is given up, for it has to share. */
  private void judge(WebhookQueue queue, Instant now) {
    boolean wasQuick = queue.isQuick();
    queue.judge(now);
    if (wasQuick && !queue.isQuick() && queue.queued() > 0) {
      List<QueuedDelivery> jobs = queue.removeAll();
      jobs.forEach(memory::giveUp);
      dropped.addAll(jobs);
      queue.setMore(true);
    }
  }

  /** What is given up since this was asked last. */
  public synchronized List<QueuedDelivery> dropped() {
    if (dropped.isEmpty()) {
      return List.of();
    }
    List<QueuedDelivery> all = List.copyOf(dropped);
    dropped.clear();
    return all;
  }

  /** How many jobs could be started at once. */
  public synchronized int startable() {
    Instant now = clock.get();
    age(now);
    resting.wake(now).forEach(this::settle);
    return slots.startable(now);
  }

  /** When something can go on that waits for nothing but time; null if nothing does. */
  public synchronized @Nullable Instant nextRest() {
    Instant rest = earlier(resting.next(), probes.next());
    // What is new and turns out to be slow has another share then.
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
  public synchronized void finished(QueuedDelivery job, Duration took, boolean isAnswer) {
    Instant now = clock.get();
    age(now);
    AttemptsInFlight.Age age = slots.inFlight().remove(job);
    if (age != AttemptsInFlight.Age.NONE) {
      memory.end(job);
      WebhookQueue queue = queue(job.webhookId());
      queue.finished(took, isAnswer, age == AttemptsInFlight.Age.SLOW, now);
      memory.took(took);
      standings.remember(queue.webhookId(), queue.standing());
      settle(queue);
    }
  }

  /** A webhook was changed: what is queued for it is given up, what is being claimed will be. */
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
    List<QueuedDelivery> jobs = queue.removeAll();
    jobs.forEach(memory::giveUp);
    settle(queue);
    return jobs;
  }

  private List<QueuedDelivery> emptyAll() {
    List<QueuedDelivery> all = new ArrayList<>(dropped());
    List.copyOf(queues.values()).forEach(queue -> all.addAll(empty(queue)));
    return all;
  }

  /** Starts nothing any more. Returns what was queued, whose leases are to be released. */
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
   * @return what was queued and is given up
   */
  public synchronized List<QueuedDelivery> hold(Set<String> answered) {
    probes.begin(changes.next(), clock.get(), answered);
    return probes.isFresh() ? emptyAll() : List.of();
  }

  /** A webhook has failed in the outage: what is queued for it is given up, and it is probed. */
  public synchronized List<QueuedDelivery> rest(String webhookId) {
    probes.rest(webhookId);
    WebhookQueue queue = queues.get(webhookId);
    return queue == null || probes.lets(webhookId) ? List.of() : empty(queue);
  }

  /** The outage is over: everything is taken again. */
  public synchronized void goOn() {
    probes.end();
    demand.goOn();
  }

  // --- looking

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
      EndpointSpeed standing = standings.of(id);
      Instant now = standing.changes() ? clock.get() : Instant.EPOCH;
      return new WebhookQueue(id, standing, settings, ++turn, now);
    });
  }

  /** The time, for those queues to which it matters. */
  private Instant time(WebhookQueue queue) {
    return queue.time(clock);
  }

  /** Puts a queue where it belongs after it has changed. */
  private void settle(WebhookQueue queue) {
    Instant now = time(queue);
    boolean changed = queue.count(slots.shares(), memory.shares());
    slots.put(queue, queue.startable(now) > 0);
    resting.put(queue, queue.restsUntil(now));
    demand.put(queue, queue.hasMore() && queue.rest() == null, changed);
    if (queue.isIdle() && queue.rest() == null) {
      queues.remove(queue.webhookId());
    }
  }
}
