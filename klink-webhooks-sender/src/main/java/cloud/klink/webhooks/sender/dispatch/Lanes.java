package cloud.klink.webhooks.sender.dispatch;

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
 * What this node has claimed and not yet finished: a lane for each webhook, and the limits. A free
 * slot goes to the webhook with the fewest attempts in flight, and of these to the one that has
 * waited longest. Those that are not {@link Kind#QUICK} have no more of the {@link Slots}, and of
 * the {@link Memory}, than {@link Shares} lets them. During an outage of this node's own, it takes
 * of webhooks that failed in it nothing but probes. Its own lock guards all.
 */
final class Lanes {
  /** What part of the room is kept for what waits in the storage, if something does. */
  private static final int KEPT = 8;

  private final Settings settings;
  private final Supplier<Instant> clock;
  private final Instant startedAt;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Standings standings = new Standings();
  private final Resting resting = new Resting();
  private final Slots slots;
  private final Memory memory;
  private final Demand demand;
  private final List<Job> dropped = new ArrayList<>();
  private final Changes changes = new Changes();
  private final Probes probes;
  private long turn;
  private boolean closed;

  Lanes(Settings settings, Supplier<Instant> clock) {
    this.settings = settings;
    this.clock = clock;
    this.startedAt = clock.get();
    this.slots = new Slots(settings.maxConcurrent());
    this.memory = new Memory(slots, settings);
    this.probes = new Probes(settings.outage().probeInterval());
    this.demand = new Demand(settings, memory, probes, clock);
  }

  /** A moment to compare changes with: claims begun at it do not know of later ones. */
  synchronized long epoch() {
    return changes.epoch();
  }

  /** Whether there is a place. */
  enum Place {
    TAKEN,
    NONE_IN_LANE,
    NONE
  }

  /**
   * Takes a place for a delivery that is being published, if there is one. What waits in the
   * storage has its turn first, where webhooks share slots; but one of which nothing is known yet
   * begins at once.
   */
  synchronized Place reserve(String webhookId, long body) {
    if (closed || !probes.lets(webhookId) || !memory.hasRoomFor(body)) {
      return Place.NONE;
    }
    Lane lane = lane(webhookId);
    lane.isFresh();
    if (lane.standing().changes()) {
      lane.judge(clock.get());
    }
    Place place = place(lane);
    if (place == Place.TAKEN) {
      lane.reserve(1);
      memory.reserve(body);
    }
    settle(lane);
    return place;
  }

  private Place place(Lane lane) {
    if (lane.isQuick()) {
      int kept = demand.isAnyWaiting() ? memory.capacity() / KEPT : 0;
      if (!memory.enters(lane) && memory.room() <= kept) {
        return Place.NONE;
      }
    } else {
      boolean isFirst = lane.kind() == Kind.NEW && lane.held() == 0;
      if (!memory.admits(lane) || (!isFirst && demand.isOtherWaiting())) {
        return Place.NONE_IN_LANE;
      }
    }
    return lane.allowance(time(lane)) > 0 ? Place.TAKEN : Place.NONE_IN_LANE;
  }

  /** There is something due in the storage that nobody has claimed. */
  synchronized void noteMore() {
    demand.noteMore();
  }

  /** There is something due for these webhooks that nobody has claimed. */
  synchronized void noteMore(Set<String> webhookIds) {
    for (String webhookId : webhookIds) {
      Lane lane = lane(webhookId);
      lane.isFresh();
      lane.setMore(true);
      settle(lane);
    }
  }

  synchronized void unreserve(String webhookId, long body) {
    Lane lane = lane(webhookId);
    lane.reserve(-1);
    memory.unreserve(body);
    settle(lane);
  }

  /**
   * Queues a job, unless its webhook was changed since the claim began, its rate does not let it
   * start soon, it has its share already, all is closed, or an outage holds it back.
   */
  synchronized boolean add(Job job, long claimedAt) {
    if (closed || changes.isChangedSince(job.webhookId(), claimedAt)) {
      return false;
    }
    Lane lane = lane(job.webhookId());
    lane.learn(job.target(), clock.get());
    if (job.delivery().attempts() == 0 && !job.delivery().dueAt().isBefore(startedAt)) {
      lane.isFresh();
    }
    boolean taken = lane.mayTake(time(lane));
    if (taken && !lane.isQuick() && !memory.admits(lane)) {
      taken = false;
      lane.refuse();
      demand.refused();
    }
    if (!taken) {
      lane.setMore(true);
    }
    taken = taken && probes.take(job.webhookId(), claimedAt);
    if (taken) {
      lane.add(job);
      memory.queue(job);
    }
    settle(lane);
    return taken;
  }

  /** The next job to start; those that are given up go to {@code given}. */
  synchronized @Nullable Job next(List<Job> given) {
    // Asked for here, since tokens would be counted twice if times came out of their order.
    Instant now = clock.get();
    age(now);
    given.addAll(dropped());
    for (Lane lane = slots.next(); lane != null; lane = slots.next()) {
      Job job = lane.startable(now) > 0 ? lane.poll() : null;
      if (job == null) {
        settle(lane);
        continue;
      }
      boolean starts = job.mayStart(now);
      if (starts) {
        memory.start();
        slots.inFlight().add(job, now);
        lane.started(now, ++turn);
      } else {
        memory.giveUp(job);
        given.add(job);
        lane.setMore(true);
      }
      settle(lane);
      if (starts) {
        return job;
      }
    }
    return null;
  }

  /** Notices which attempts have become slow. */
  private void age(Instant now) {
    for (Job job : slots.inFlight().overdue(now)) {
      Lane lane = lane(job.webhookId());
      lane.overdue();
      standings.remember(lane.webhookId(), lane.standing());
      judge(lane, now);
      settle(lane);
    }
  }

  /** What is queued for a webhook that is quick no longer is given up, for it has to share. */
  private void judge(Lane lane, Instant now) {
    boolean wasQuick = lane.isQuick();
    lane.judge(now);
    if (wasQuick && !lane.isQuick() && lane.queued() > 0) {
      List<Job> jobs = lane.removeAll();
      jobs.forEach(memory::giveUp);
      dropped.addAll(jobs);
      lane.setMore(true);
    }
  }

  /** What is given up since this was asked last. */
  synchronized List<Job> dropped() {
    if (dropped.isEmpty()) {
      return List.of();
    }
    List<Job> all = List.copyOf(dropped);
    dropped.clear();
    return all;
  }

  /** How many jobs could be started at once. */
  synchronized int startable() {
    Instant now = clock.get();
    age(now);
    resting.wake(now).forEach(this::settle);
    return slots.startable(now);
  }

  /** When something can go on that waits for nothing but time; null if nothing does. */
  synchronized @Nullable Instant nextRest() {
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
  synchronized void finished(Job job, Duration took, boolean isAnswer) {
    Instant now = clock.get();
    age(now);
    InFlight.Age age = slots.inFlight().remove(job);
    if (age != InFlight.Age.NONE) {
      memory.end(job);
      Lane lane = lane(job.webhookId());
      lane.finished(took, isAnswer, age == InFlight.Age.SLOW, now);
      memory.took(took);
      standings.remember(lane.webhookId(), lane.standing());
      settle(lane);
    }
  }

  /** A webhook was changed: what is queued for it is given up, what is being claimed will be. */
  synchronized List<Job> drop(String webhookId) {
    changes.add(webhookId);
    Lane lane = lanes.get(webhookId);
    if (lane == null) {
      return List.of();
    }
    lane.doubt();
    return empty(lane);
  }

  private List<Job> empty(Lane lane) {
    List<Job> jobs = lane.removeAll();
    jobs.forEach(memory::giveUp);
    settle(lane);
    return jobs;
  }

  private List<Job> emptyAll() {
    List<Job> all = new ArrayList<>(dropped());
    List.copyOf(lanes.values()).forEach(lane -> all.addAll(empty(lane)));
    return all;
  }

  /** Nothing is started any more; what was queued is given up. */
  synchronized List<Job> close() {
    closed = true;
    return emptyAll();
  }

  // --- during an outage

  /**
   * An outage begins.
   *
   * @param answered webhooks that have answered; none if nobody has answered this node yet
   * @return what was queued and is given up
   */
  synchronized List<Job> hold(Set<String> answered) {
    probes.begin(changes.next(), clock.get(), answered);
    return probes.isFresh() ? emptyAll() : List.of();
  }

  /** A webhook has failed in the outage: what is queued for it is given up, and it is probed. */
  synchronized List<Job> rest(String webhookId) {
    probes.rest(webhookId);
    Lane lane = lanes.get(webhookId);
    return lane == null || probes.lets(webhookId) ? List.of() : empty(lane);
  }

  /** The outage is over: everything is taken again. */
  synchronized void goOn() {
    probes.end();
    demand.goOn();
  }

  // --- looking

  synchronized List<Job> inFlight() {
    return slots.inFlight().all();
  }

  synchronized int inFlightCount() {
    return slots.inFlightCount();
  }

  synchronized int queuedCount() {
    return memory.queued();
  }

  /** Whether no more than one attempt is in flight. */
  synchronized boolean isLast() {
    return slots.inFlightCount() <= 1;
  }

  synchronized boolean isIdle() {
    return slots.inFlightCount() == 0;
  }

  // --- claiming

  /** Whether a claim now would bring something that is known to wait, and enough of it. */
  synchronized boolean isHungry() {
    if (closed) {
      return false;
    }
    if (probes.areOn() && probes.areWanted(clock.get())) {
      return true;
    }
    return demand.isHungry();
  }

  /** What to claim, or null if there is no room. */
  synchronized @Nullable ClaimRequest demand(String after) {
    Instant now = clock.get();
    if (closed) {
      return null;
    }
    age(now);
    if (probes.areWanted(now)) {
      return probes.demand(now, now.plus(settings.lease()), lanes.values(), memory.claimBytes());
    }
    List<Lane> changed = new ArrayList<>();
    ClaimRequest request = demand.request(lanes.values(), after, now, changed);
    changed.forEach(this::settle);
    return request;
  }

  /** Notes where a claim met a limit, so that there may be more. */
  synchronized void claimed(ClaimRequest request, Map<String, Integer> counts, int total) {
    if (probes.claimed(request)) {
      return;
    }
    List<Lane> changed = new ArrayList<>();
    demand.claimed(request, counts, total, this::lane, changed);
    changed.forEach(this::settle);
  }

  private Lane lane(String webhookId) {
    return lanes.computeIfAbsent(webhookId, id -> {
      Standing standing = standings.of(id);
      Instant now = standing.changes() ? clock.get() : Instant.EPOCH;
      return new Lane(id, standing, settings, ++turn, now);
    });
  }

  /** The time, for those lanes to which it matters. */
  private Instant time(Lane lane) {
    return lane.time(clock);
  }

  /** Puts a lane where it belongs after it has changed. */
  private void settle(Lane lane) {
    Instant now = time(lane);
    boolean changed = lane.count(slots.shares(), memory.shares());
    slots.put(lane, lane.startable(now) > 0);
    resting.put(lane, lane.restsUntil(now));
    demand.put(lane, lane.hasMore() && lane.rest() == null, changed);
    if (lane.isIdle() && lane.rest() == null) {
      lanes.remove(lane.webhookId());
    }
  }
}
