package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.sender.storage.ClaimRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node has claimed and not yet finished: a lane for each webhook, and the limits. A free
 * slot goes to the webhook with the fewest attempts in flight, and of these to the one that has
 * waited longest. Those that are not {@link Kind#QUICK} have no more of the slots than
 * {@link Shares} lets them, and no more in memory either. So that those that are quick cannot take
 * all slots and then hang, the last quarter goes to none that has two attempts in flight or more,
 * and the last eighth only to those that have been quick for 10 seconds. While it is on hold, it
 * takes nothing but probes. Its own lock guards all.
 */
final class Lanes {
  private static final int MAX_CLAIM = 500;
  private static final int MAX_CHANGES = 10_000;

  /** Who has so many in flight gets none of the last quarter of the slots. */
  private static final int MANY = 2;

  /** The last slots, such a part of them all, are for webhooks that are trusted. */
  private static final int LAST = 8;

  /** What part of the room is kept for what waits in the storage, if something does. */
  private static final int KEPT = 8;

  private final Settings settings;
  private final Supplier<Instant> clock;
  private final Instant startedAt;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Standings standings = new Standings();
  private final Ready ready = new Ready();
  private final Waiting waiting = new Waiting();
  private final Resting resting = new Resting();
  private final Shares running;
  private final Shares held;
  private final InFlight inFlight = new InFlight();
  private final List<Job> dropped = new ArrayList<>();
  private final Map<String, Long> changes = new LinkedHashMap<>();
  private final Pace pace = new Pace();
  private final Probes probes = new Probes();
  private long epoch;
  private long turn;
  private int queued;
  private int reserved;
  private int refused;
  private boolean overflow;
  private boolean isCrowded;
  private boolean mayAdmit;
  private boolean closed;

  Lanes(Settings settings, Supplier<Instant> clock) {
    this.settings = settings;
    this.clock = clock;
    this.startedAt = clock.get();
    this.running = new Shares(settings.maxConcurrent());
    this.held = new Shares(settings.maxConcurrent());
  }

  /** A moment to compare changes with: claims begun at it do not know of later ones. */
  synchronized long epoch() {
    return epoch;
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
  synchronized Place reserve(String webhookId) {
    if (closed || probes.areOn()) {
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
      reserved++;
    }
    settle(lane);
    return place;
  }

  private Place place(Lane lane) {
    if (lane.isQuick()) {
      boolean othersWait = overflow || !waiting.quick().isEmpty();
      if (room() <= (othersWait ? capacity() / KEPT : 0)) {
        return Place.NONE;
      }
    } else {
      boolean isFirst = lane.kind() == Kind.NEW && lane.held() == 0;
      if (memory() <= 0 || !admits(lane) || !(isFirst || waiting.others().isEmpty())) {
        return Place.NONE_IN_LANE;
      }
    }
    return lane.allowance(time(lane)) > 0 ? Place.TAKEN : Place.NONE_IN_LANE;
  }

  /** There is something due in the storage that nobody has claimed. */
  synchronized void noteMore() {
    overflow = true;
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

  synchronized void unreserve(String webhookId) {
    Lane lane = lane(webhookId);
    lane.reserve(-1);
    reserved--;
    settle(lane);
  }

  /**
   * Queues a job, unless its webhook was changed since the claim began, its rate does not let it
   * start soon, it has its share already, or all is closed or on hold.
   */
  synchronized boolean add(Job job, long claimedAt) {
    if (closed || changes.getOrDefault(job.webhookId(), 0L) > claimedAt) {
      return false;
    }
    Lane lane = lane(job.webhookId());
    lane.learn(job.target(), clock.get());
    if (job.delivery().attempts() == 0 && !job.delivery().dueAt().isBefore(startedAt)) {
      lane.isFresh();
    }
    boolean taken = lane.mayTake(time(lane));
    if (taken && !lane.isQuick() && (memory() <= 0 || !admits(lane))) {
      taken = false;
      lane.refuse();
      refused++;
    }
    if (!taken) {
      lane.setMore(true);
    }
    taken = taken && probes.take(claimedAt);
    if (taken) {
      lane.add(job);
      queued++;
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
    while (inFlight.count() < settings.maxConcurrent()) {
      Lane lane = ready.first(this::mayStart);
      if (lane == null) {
        return null;
      }
      Job job = lane.startable(now) > 0 ? lane.poll() : null;
      if (job == null) {
        settle(lane);
        continue;
      }
      queued--;
      boolean starts = job.mayStart(now);
      if (starts) {
        lane.started(now, ++turn);
        inFlight.add(job, now);
      } else {
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

  private boolean mayStart(Lane lane) {
    int slots = settings.maxConcurrent();
    int count = inFlight.count();
    if (!lane.isQuick()) {
      return running.admits(lane.share(lane.inFlight()), lane.share(lane.inFlight() + 1));
    }
    return count < Shares.shared(slots)
        || (lane.inFlight() < MANY && (lane.isTrusted() || count < slots - slots / LAST));
  }

  private boolean admits(Lane lane) {
    return held.admits(lane.share(lane.held()), lane.share(lane.held() + 1));
  }

  /** Notices which attempts have become slow. */
  private void age(Instant now) {
    for (Job job : inFlight.overdue(now)) {
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
      queued -= lane.queued();
      dropped.addAll(lane.removeAll());
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
    int free = settings.maxConcurrent() - inFlight.count();
    return free <= 0 ? 0 : ready.startable(free, this::mayStart, now);
  }

  /** When the first of those lanes can go on that wait for nothing but time; null if none does. */
  synchronized @Nullable Instant nextRest() {
    Instant rest = resting.next();
    // What is new and turns out to be slow has another share then.
    Instant slow =
        ready.hasOthers() || !waiting.others().isEmpty() ? inFlight.nextOverdue() : null;
    return rest == null || (slow != null && slow.isBefore(rest)) ? slow : rest;
  }

  /**
   * An attempt has ended.
   *
   * @param isAnswer whether the endpoint was reached
   */
  synchronized void finished(Job job, Duration took, boolean isAnswer) {
    Instant now = clock.get();
    age(now);
    InFlight.Age age = inFlight.remove(job);
    if (age != InFlight.Age.NONE) {
      Lane lane = lane(job.webhookId());
      lane.finished(took, isAnswer, age == InFlight.Age.SLOW, now);
      if (took.compareTo(Standing.SLOW) <= 0) {
        pace.add(took);
      }
      standings.remember(lane.webhookId(), lane.standing());
      settle(lane);
    }
  }

  /** A webhook was changed: what is queued for it is given up, what is being claimed will be. */
  synchronized List<Job> drop(String webhookId) {
    epoch++;
    changes.remove(webhookId);
    changes.put(webhookId, epoch);
    if (changes.size() > MAX_CHANGES) {
      changes.remove(changes.keySet().iterator().next());
    }
    Lane lane = lanes.get(webhookId);
    if (lane == null) {
      return List.of();
    }
    lane.doubt();
    return empty(lane);
  }

  private List<Job> empty(Lane lane) {
    List<Job> jobs = lane.removeAll();
    queued -= jobs.size();
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

  // --- on hold

  /** Nothing but probes is taken from now on; what was queued is given up. */
  synchronized List<Job> hold() {
    probes.begin(++epoch);
    return emptyAll();
  }

  /** While on hold: so many may be claimed, of these webhooks first. */
  synchronized void probe(int count, Set<String> first) {
    probes.allow(count, first);
  }

  /** Everything is taken again. */
  synchronized void goOn() {
    probes.end();
    overflow = true;
    isCrowded = false;
  }

  // --- looking

  synchronized List<Job> inFlight() {
    return inFlight.all();
  }

  synchronized int inFlightCount() {
    return inFlight.count();
  }

  synchronized int queuedCount() {
    return queued;
  }

  /** Whether no more than one attempt is in flight. */
  synchronized boolean isLast() {
    return inFlight.count() <= 1;
  }

  synchronized boolean isIdle() {
    return inFlight.count() == 0;
  }

  // --- claiming

  /** Whether a claim now would bring something that is known to wait, and enough of it. */
  synchronized boolean isHungry() {
    if (closed || probes.areOn()) {
      return !closed && probes.areWanted();
    }
    int room = room();
    boolean overflows = overflow && (queued == 0 || room >= capacity() / 2) && !isCrowded();
    return (room > 0 && (overflows || isAnyHungry(waiting.quick()))) || isAnyAdmitted();
  }

  /** Whether what was claimed last was mostly refused, and would be again. */
  private boolean isCrowded() {
    isCrowded &= !held.hasRoomForSlow();
    return isCrowded;
  }

  private boolean isAnyHungry(Set<Lane> some) {
    for (Lane lane : some) {
      if (lane.isHungry(time(lane))) {
        return true;
      }
    }
    return false;
  }

  private boolean isAnyAdmitted() {
    if (!mayAdmit || memory() <= 0 || !held.hasRoom()) {
      return false;
    }
    for (Lane lane : waiting.others()) {
      if (admits(lane) && lane.allowance(time(lane)) > 0) {
        return true;
      }
    }
    mayAdmit = false;
    return false;
  }

  /** What to claim, or null if there is no room. */
  synchronized @Nullable ClaimRequest demand(String after) {
    Instant now = clock.get();
    if (probes.areOn()) {
      return closed ? null : probes.demand(now, now.plus(settings.lease()), after, lanes.values());
    }
    age(now);
    Map<String, Integer> rations = Ration.of(held, waiting.others(), memory(), now);
    int rationed = rations.values().stream().mapToInt(Integer::intValue).sum();
    int room = Math.max(0, room());
    if (closed || room + rationed == 0) {
      overflow = true;
      return null;
    }
    // Of a webhook that is not known one is tried, so that as many as possible are.
    int perWebhook = room > 0 ? 1 : 0;
    Map<String, Integer> allowances = allowances(rations, room, perWebhook, now);
    overflow &= perWebhook == 0;
    return new ClaimRequest(
        now,
        now.plus(settings.lease()),
        Math.min(room + rationed, MAX_CLAIM),
        perWebhook,
        allowances,
        after);
  }

  private Map<String, Integer> allowances(
      Map<String, Integer> rations, int room, int perWebhook, Instant now) {
    Map<String, Integer> allowances = new HashMap<>();
    int given = 0;
    for (Lane lane : List.copyOf(lanes.values())) {
      int allowance = lane.isQuick()
          ? Math.min(room, lane.allowance(now))
          : rations.getOrDefault(lane.webhookId(), 0);
      if (lane.isQuick() && lane.held() == 0 && given >= room) {
        allowance = Math.min(allowance, perWebhook);
      }
      given += allowance;
      if (allowance != perWebhook) {
        allowances.put(lane.webhookId(), allowance);
      }
      if (overflow && allowance == 0) {
        // What overflows may be this lane's, and the claim will not look there.
        lane.setMore(true);
        settle(lane);
      }
    }
    return allowances;
  }

  /** Notes where a claim met a limit, so that there may be more. */
  synchronized void claimed(ClaimRequest request, Map<String, Integer> counts, int total) {
    if (probes.areOn()) {
      probes.claimed(request);
      return;
    }
    boolean full = total >= request.max();
    overflow |= full;
    isCrowded = refused > total / 2;
    refused = 0;
    counts.forEach((webhookId, count) -> {
      Lane lane = lane(webhookId);
      boolean wasRefused = lane.wasRefused();
      lane.setMore(full || wasRefused || count >= request.allowance(webhookId));
      waiting.toTheEnd(lane);
      settle(lane);
    });
    for (Lane lane : waiting.all()) {
      if (!full
          && request.allowance(lane.webhookId()) > 0
          && !counts.containsKey(lane.webhookId())) {
        lane.setMore(false);
        settle(lane);
      }
    }
  }

  /** How much may be in memory, beside what shares slots. */
  private int capacity() {
    int slots = settings.maxConcurrent();
    return slots + pace.ahead(Math.max(1, slots - running.all()), settings.localQueue());
  }

  private int room() {
    return Math.min(memory(), capacity() - inFlight.count() - queued - reserved);
  }

  /** How much more may be in memory, whatever it is. */
  private int memory() {
    return settings.maxConcurrent()
        + settings.localQueue()
        - inFlight.count()
        - queued
        - reserved;
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
    return lane.isLimited() ? clock.get() : Instant.EPOCH;
  }

  /** Puts a lane where it belongs after it has changed. */
  private void settle(Lane lane) {
    Instant now = time(lane);
    mayAdmit |= lane.count(running, held);
    ready.put(lane, lane.startable(now) > 0);
    resting.put(lane, lane.restsUntil(now));
    mayAdmit |= waiting.put(lane, lane.hasMore() && lane.rest() == null);
    if (lane.isIdle() && lane.rest() == null) {
      lanes.remove(lane.webhookId());
    }
  }
}
