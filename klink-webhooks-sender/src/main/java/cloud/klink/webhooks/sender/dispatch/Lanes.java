package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.sender.storage.ClaimRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node has claimed and not yet finished: a lane for each webhook, with turns between
 * them, and the limits. During an outage of this node's own, it takes of webhooks that failed in it
 * nothing but probes. Its own lock guards all.
 */
final class Lanes {
  private static final int MAX_CLAIM = 500;
  private static final int MAX_CHANGES = 10_000;

  private final Settings settings;
  private final Supplier<Instant> clock;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final ArrayDeque<Lane> turns = new ArrayDeque<>();
  private final Set<Lane> left = new LinkedHashSet<>();
  private final Resting resting = new Resting();
  private final Set<Job> inFlight = new LinkedHashSet<>();
  private final Map<String, Long> changes = new LinkedHashMap<>();
  private final Pace pace = new Pace();
  private final Probes probes;
  private long epoch;
  private int queued;
  private int reserved;
  private boolean overflow;
  private boolean closed;

  Lanes(Settings settings, Supplier<Instant> clock) {
    this.settings = settings;
    this.clock = clock;
    this.probes = new Probes(settings.outage().probeInterval());
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

  /** Takes a place for a delivery that is being published, if there is one. */
  synchronized Place reserve(String webhookId) {
    if (closed || !probes.lets(webhookId) || room() <= 0) {
      return Place.NONE;
    }
    Lane lane = lane(webhookId);
    boolean taken = lane.allowance(time(lane)) > 0;
    if (taken) {
      lane.reserve(1);
      reserved++;
    }
    settle(lane);
    return taken ? Place.TAKEN : Place.NONE_IN_LANE;
  }

  /** There is something due in the storage that nobody has claimed. */
  synchronized void noteMore() {
    overflow = true;
  }

  /** There is something due for these webhooks that nobody has claimed. */
  synchronized void noteMore(Set<String> webhookIds) {
    for (String webhookId : webhookIds) {
      Lane lane = lane(webhookId);
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
   * start soon, all is closed, or an outage holds it back.
   */
  synchronized boolean add(Job job, long claimedAt) {
    if (closed || changes.getOrDefault(job.webhookId(), 0L) > claimedAt) {
      return false;
    }
    Lane lane = lane(job.webhookId());
    lane.learn(job.target().policy(), clock.get());
    boolean taken = lane.mayTake(time(lane));
    if (!taken) {
      lane.setMore(true);
    }
    taken = taken && probes.take(job.webhookId(), claimedAt);
    if (taken) {
      lane.add(job);
      queued++;
    }
    settle(lane);
    return taken;
  }

  /** The next job to start, in turns between lanes; those gone stale go to {@code stale}. */
  synchronized @Nullable Job next(List<Job> stale) {
    // Asked for here, since tokens would be counted twice if times came out of their order.
    Instant now = clock.get();
    while (inFlight.size() < settings.maxConcurrent()) {
      Lane lane = turns.poll();
      if (lane == null) {
        return null;
      }
      lane.setReady(false);
      Job job = lane.startable(now) > 0 ? lane.poll() : null;
      if (job == null) {
        settle(lane);
        continue;
      }
      queued--;
      boolean starts = job.mayStart(now);
      if (starts) {
        lane.started(now);
        inFlight.add(job);
      } else {
        stale.add(job);
        lane.setMore(true);
      }
      settle(lane);
      if (starts) {
        return job;
      }
    }
    return null;
  }

  /** How many jobs could be started at once. */
  synchronized int startable() {
    Instant now = clock.get();
    resting.wake(now).forEach(this::settle);
    int free = settings.maxConcurrent() - inFlight.size();
    int startable = 0;
    for (Lane lane : turns) {
      startable += lane.startable(now);
      if (startable >= free) {
        return free;
      }
    }
    return startable;
  }

  /** When something can go on that waits for nothing but time; null if nothing does. */
  synchronized @Nullable Instant nextRest() {
    Instant lane = resting.next();
    Instant probe = probes.next();
    return probe == null || (lane != null && lane.isBefore(probe)) ? lane : probe;
  }

  synchronized void finished(Job job, Duration took) {
    if (inFlight.remove(job)) {
      Lane lane = lane(job.webhookId());
      lane.finished(took);
      pace.add(took);
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
    List<Job> all = new ArrayList<>();
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
    probes.begin(++epoch, clock.get(), answered);
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
    overflow = true;
  }

  // --- looking

  synchronized List<Job> inFlight() {
    return List.copyOf(inFlight);
  }

  synchronized int inFlightCount() {
    return inFlight.size();
  }

  synchronized int queuedCount() {
    return queued;
  }

  /** Whether no more than one attempt is in flight. */
  synchronized boolean isLast() {
    return inFlight.size() <= 1;
  }

  synchronized boolean isIdle() {
    return inFlight.isEmpty();
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
    int room = room();
    boolean overflows = overflow && probes.letsSome() && (queued == 0 || room >= capacity() / 2);
    return room > 0
        && (overflows
            || left.stream()
                .anyMatch(lane -> probes.lets(lane.webhookId()) && lane.isHungry(time(lane))));
  }

  /** What to claim, or null if there is no room. */
  synchronized @Nullable ClaimRequest demand(String after) {
    Instant now = clock.get();
    if (!closed && probes.areWanted(now)) {
      return probes.demand(now, now.plus(settings.lease()), lanes.values());
    }
    int room = room();
    if (closed || room <= 0 || !probes.letsSome()) {
      overflow = true;
      return null;
    }
    int perWebhook = settings.defaults().maxConcurrent();
    Map<String, Integer> allowances = new HashMap<>();
    for (Lane lane : lanes.values()) {
      int allowance = lane.allowance(now);
      if (allowance != perWebhook) {
        allowances.put(lane.webhookId(), allowance);
      }
      if (overflow && allowance == 0) {
        // What overflows may be this lane's, and the claim will not look there.
        lane.setMore(true);
        settle(lane);
      }
    }
    overflow = false;
    return probes.restrict(new ClaimRequest(
        now, now.plus(settings.lease()), Math.min(room, MAX_CLAIM), perWebhook, allowances, after));
  }

  /** Notes where a claim met a limit, so that there may be more. */
  synchronized void claimed(ClaimRequest request, Map<String, Integer> counts, int total) {
    if (probes.claimed(request)) {
      return;
    }
    boolean full = total >= request.max();
    overflow |= full;
    counts.forEach((webhookId, count) -> {
      Lane lane = lane(webhookId);
      boolean refused = lane.wasRefused();
      lane.setMore(full || refused || count >= request.allowance(webhookId));
      settle(lane);
    });
    for (Lane lane : List.copyOf(left)) {
      if (!full
          && request.allowance(lane.webhookId()) > 0
          && !counts.containsKey(lane.webhookId())) {
        lane.setMore(false);
        settle(lane);
      }
    }
  }

  private int capacity() {
    return settings.maxConcurrent() + pace.ahead(settings.maxConcurrent(), settings.localQueue());
  }

  private int room() {
    return capacity() - inFlight.size() - queued - reserved;
  }

  private Lane lane(String webhookId) {
    return lanes.computeIfAbsent(
        webhookId, id -> new Lane(id, settings.defaults().maxConcurrent(), settings.localQueue()));
  }

  /** The time, for those lanes to which it matters. */
  private Instant time(Lane lane) {
    return lane.isLimited() ? clock.get() : Instant.EPOCH;
  }

  /** Puts a lane where it belongs after it has changed. */
  private void settle(Lane lane) {
    Instant now = time(lane);
    boolean starts = lane.startable(now) > 0;
    if (starts && !lane.isReady()) {
      lane.setReady(true);
      turns.add(lane);
    } else if (!starts && lane.isReady() && lane.isLimited()) {
      lane.setReady(false);
      turns.remove(lane);
    }
    resting.put(lane, lane.restsUntil(now));
    if (lane.hasMore() && lane.rest() == null) {
      left.add(lane);
    } else {
      left.remove(lane);
    }
    if (lane.isIdle() && !lane.isReady() && lane.rest() == null) {
      lanes.remove(lane.webhookId());
    }
  }
}
