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
import org.jspecify.annotations.Nullable;

/**
 * What this node has claimed and not yet finished: a lane for each webhook, with turns between
 * them, and the limits. Its own lock guards all.
 */
final class Lanes {
  private static final int MAX_CLAIM = 500;
  private static final int MAX_CHANGES = 10_000;

  private final Settings settings;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final ArrayDeque<Lane> turns = new ArrayDeque<>();
  private final Set<Lane> left = new LinkedHashSet<>();
  private final Set<Job> inFlight = new LinkedHashSet<>();
  private final Map<String, Long> changes = new LinkedHashMap<>();
  private final Pace pace = new Pace();
  private long epoch;
  private int queued;
  private int reserved;
  private boolean overflow;
  private boolean closed;

  Lanes(Settings settings) {
    this.settings = settings;
  }

  /** A moment to compare changes with: claims begun at it do not know of later ones. */
  synchronized long epoch() {
    return epoch;
  }

  /** Takes a place for a delivery that is being published, if there is one. */
  synchronized boolean reserve(String webhookId) {
    Lane lane = lane(webhookId);
    if (!closed && room() > 0 && lane.allowance() > 0) {
      lane.reserve(1);
      reserved++;
      return true;
    }
    forgetIdle(lane);
    return false;
  }

  /** There is something due in the storage that nobody has claimed. */
  synchronized void noteMore() {
    overflow = true;
  }

  synchronized void unreserve(String webhookId) {
    Lane lane = lane(webhookId);
    lane.reserve(-1);
    reserved--;
    forgetIdle(lane);
  }

  /** Queues a job, unless its webhook was changed since the claim began or all is closed. */
  synchronized boolean add(Job job, long claimedAt) {
    if (closed || changes.getOrDefault(job.webhookId(), 0L) > claimedAt) {
      return false;
    }
    Lane lane = lane(job.webhookId());
    lane.add(job);
    queued++;
    queueUp(lane);
    return true;
  }

  /** The next job to start, in turns between lanes; those gone stale go to {@code stale}. */
  synchronized @Nullable Job next(Instant now, List<Job> stale) {
    while (inFlight.size() < settings.maxConcurrent()) {
      Lane lane = turns.poll();
      if (lane == null) {
        return null;
      }
      lane.setReady(false);
      if (!lane.isStartable()) {
        forgetIdle(lane);
        continue;
      }
      Job job = lane.poll();
      if (job == null) {
        continue;
      }
      queued--;
      if (job.mayStart(now)) {
        lane.started();
        inFlight.add(job);
        queueUp(lane);
        return job;
      }
      stale.add(job);
      leave(lane);
      queueUp(lane);
    }
    return null;
  }

  /** How many jobs could be started at once. */
  synchronized int startable() {
    int free = settings.maxConcurrent() - inFlight.size();
    int startable = 0;
    for (Lane lane : turns) {
      startable += lane.startable();
      if (startable >= free) {
        return free;
      }
    }
    return startable;
  }

  synchronized void finished(Job job, Duration took) {
    if (inFlight.remove(job)) {
      Lane lane = lane(job.webhookId());
      lane.finished(took);
      pace.add(took);
      queueUp(lane);
      forgetIdle(lane);
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
    return lane == null ? List.of() : empty(lane);
  }

  private List<Job> empty(Lane lane) {
    List<Job> jobs = lane.removeAll();
    queued -= jobs.size();
    forgetIdle(lane);
    return jobs;
  }

  /** Nothing is started any more; what was queued is given up. */
  synchronized List<Job> close() {
    closed = true;
    List<Job> all = new ArrayList<>();
    List.copyOf(lanes.values()).forEach(lane -> all.addAll(empty(lane)));
    return all;
  }

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

  /** Whether a claim now would bring something that is known to wait, and enough of it. */
  synchronized boolean isHungry() {
    int room = room();
    boolean overflows = overflow && (queued == 0 || room >= capacity() / 2);
    return !closed && room > 0 && (overflows || left.stream().anyMatch(Lane::isHungry));
  }

  /** What to claim, or null if there is no room. */
  synchronized @Nullable ClaimRequest demand(Instant now, String after) {
    int room = room();
    if (closed || room <= 0) {
      overflow = true;
      return null;
    }
    Map<String, Integer> allowances = new HashMap<>();
    for (Lane lane : lanes.values()) {
      allowances.put(lane.webhookId(), lane.allowance());
      if (overflow && lane.allowance() == 0) {
        leave(lane); // What overflows may be this lane's, and the claim will not look there.
      }
    }
    overflow = false;
    return new ClaimRequest(
        now,
        now.plus(settings.lease()),
        Math.min(room, MAX_CLAIM),
        settings.defaults().maxConcurrent(),
        allowances,
        after);
  }

  /** Notes where a claim met a limit, so that there may be more. */
  synchronized void claimed(ClaimRequest request, Map<String, Integer> counts, int total) {
    boolean full = total >= request.max();
    overflow |= full;
    counts.forEach((webhookId, count) -> {
      Lane lane = lane(webhookId);
      if (full || count >= request.allowance(webhookId)) {
        leave(lane);
      } else {
        lane.setMore(false);
        left.remove(lane);
        forgetIdle(lane);
      }
    });
    for (Lane lane : List.copyOf(left)) {
      if (!full
          && request.allowance(lane.webhookId()) > 0
          && !counts.containsKey(lane.webhookId())) {
        lane.setMore(false);
        left.remove(lane);
        forgetIdle(lane);
      }
    }
  }

  /** There may be more for a lane than was or will be claimed. */
  private void leave(Lane lane) {
    lane.setMore(true);
    left.add(lane);
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

  private void queueUp(Lane lane) {
    if (!lane.isReady() && lane.isStartable()) {
      lane.setReady(true);
      turns.add(lane);
    }
  }

  private void forgetIdle(Lane lane) {
    if (lane.isIdle() && !lane.isReady()) {
      lanes.remove(lane.webhookId());
      left.remove(lane);
    }
  }
}
