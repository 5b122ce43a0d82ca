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
 * them, and the limits. While it is on hold, it takes nothing but probes. Its own lock guards all.
 */
final class Lanes {
  private static final int MAX_CLAIM = 500;
  private static final int MAX_CHANGES = 10_000;

  /** What the newest delivery counts when it is told how long bodies usually are. */
  private static final double WEIGHT = 0.1;

  /** So many times as many deliveries are asked for as would usually reach the limit of bytes. */
  private static final int SPARE = 2;

  private final Settings settings;
  private final Supplier<Instant> clock;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final ArrayDeque<Lane> turns = new ArrayDeque<>();
  private final Set<Lane> left = new LinkedHashSet<>();
  private final Resting resting = new Resting();
  private final Set<Job> inFlight = new LinkedHashSet<>();
  private final Map<String, Long> changes = new LinkedHashMap<>();
  private final Pace pace = new Pace();
  private final Probes probes = new Probes();
  private long epoch;
  private int queued;
  private int reserved;
  private long bytes;
  private double usualBytes = Settings.weight(0);
  private boolean overflow;
  private boolean closed;

  Lanes(Settings settings, Supplier<Instant> clock) {
    this.settings = settings;
    this.clock = clock;
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
  synchronized Place reserve(String webhookId, long body) {
    if (closed || probes.areOn() || room() <= 0 || Settings.weight(body) > freeBytes()) {
      return Place.NONE;
    }
    Lane lane = lane(webhookId);
    boolean taken = lane.allowance(time(lane)) > 0;
    if (taken) {
      lane.reserve(1);
      reserved++;
      bytes += Settings.weight(body);
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

  synchronized void unreserve(String webhookId, long body) {
    Lane lane = lane(webhookId);
    lane.reserve(-1);
    reserved--;
    bytes -= Settings.weight(body);
    settle(lane);
  }

  /**
   * Queues a job, unless its webhook was changed since the claim began, its rate does not let it
   * start soon, or all is closed or on hold.
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
    taken = taken && probes.take(claimedAt);
    if (taken) {
      lane.add(job);
      queued++;
      bytes += weight(job);
      usualBytes += WEIGHT * (weight(job) - usualBytes);
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
        inFlight.add(job);
        lane.started(now);
      } else {
        bytes -= weight(job);
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

  /** When the first of those lanes can go on that wait for nothing but time; null if none does. */
  synchronized @Nullable Instant nextRest() {
    return resting.next();
  }

  synchronized void finished(Job job, Duration took) {
    if (inFlight.remove(job)) {
      bytes -= weight(job);
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
    jobs.forEach(job -> bytes -= weight(job));
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
    if (closed || probes.areOn()) {
      return !closed && probes.areWanted();
    }
    int room = room();
    boolean isWide = room >= capacity() / 2 && freeBytes() >= settings.maxClaimBytes();
    boolean overflows = overflow && (queued == 0 || isWide);
    return room > 0
        && hasBytes()
        && (overflows || left.stream().anyMatch(lane -> lane.isHungry(time(lane))));
  }

  /** What to claim, or null if there is no room. */
  synchronized @Nullable ClaimRequest demand(String after) {
    Instant now = clock.get();
    if (probes.areOn()) {
      ClaimRequest probe =
          closed ? null : probes.demand(now, now.plus(settings.lease()), after, lanes.values());
      return probe == null ? null : probe.withMaxBytes(settings.maxClaimBytes());
    }
    int room = room();
    if (closed || room <= 0 || !hasBytes()) {
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
    long maxBytes = Math.max(1, Math.min(freeBytes(), settings.maxClaimBytes()));
    // Not far more than will be taken: a storage may have to look at all of them.
    int enough = (int) Math.min(MAX_CLAIM, 1 + SPARE * maxBytes / usualBytes);
    return new ClaimRequest(
        now,
        now.plus(settings.lease()),
        Math.min(room, enough),
        perWebhook,
        allowances,
        after,
        maxBytes);
  }

  /** Notes where a claim met a limit, so that there may be more. */
  synchronized void claimed(ClaimRequest request, Map<String, Integer> counts, int total) {
    if (probes.areOn()) {
      probes.claimed(request);
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

  private long freeBytes() {
    return settings.maxBytes() - bytes;
  }

  /** Whether anything more may be held. What is alone may be of any size. */
  private boolean hasBytes() {
    return freeBytes() > 0 || (inFlight.isEmpty() && queued == 0 && reserved == 0);
  }

  private static long weight(Job job) {
    return Settings.weight(job.bytes());
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
