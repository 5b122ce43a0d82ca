package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.sender.storage.ClaimRequest;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What to claim, and whether there is reason to. Used by {@link Lanes} only, under its lock. */
final class Demand {
  private static final int MAX_CLAIM = 500;

  private final Settings settings;
  private final Memory memory;
  private final Probes probes;
  private final Supplier<Instant> clock;
  private final Waiting waiting = new Waiting();
  private int refused;
  private boolean overflow;

  /** Whether the lanes were told that what overflows may be theirs. */
  private boolean isTold;

  private boolean isCrowded;
  private boolean mayAdmit;

  Demand(Settings settings, Memory memory, Probes probes, Supplier<Instant> clock) {
    this.settings = settings;
    this.memory = memory;
    this.probes = probes;
    this.clock = clock;
  }

  /** There is something due in the storage that nobody has claimed. */
  void noteMore() {
    overflow = true;
    isTold = false;
  }

  /** One that was claimed found no place. */
  void refused() {
    refused++;
  }

  /** Whether something may wait that is to be sent as soon as there is room. */
  boolean isAnyWaiting() {
    return overflow || !waiting.quick().isEmpty();
  }

  /** Whether something waits of a webhook that is not quick. */
  boolean isOtherWaiting() {
    return !waiting.others().isEmpty();
  }

  /**
   * Notes whether something waits for a lane.
   *
   * @param changes whether what it takes of the shares has changed
   */
  void put(Lane lane, boolean waits, boolean changes) {
    mayAdmit |= waiting.put(lane, waits) || changes;
  }

  /** Whether a claim now would bring something that is known to wait, and enough of it. */
  boolean isHungry() {
    int room = memory.room();
    isCrowded &= !memory.shares().hasRoomForSlow();
    boolean overflows =
        overflow && probes.letsSome() && !isCrowded && (memory.queued() == 0 || memory.isWide());
    return (room > 0 && overflows) || isAnyHungry(room) || isAnyAdmitted();
  }

  private boolean isAnyHungry(int room) {
    for (Lane lane : waiting.quick()) {
      if (probes.lets(lane.webhookId())
          && (room > 0 || memory.enters(lane))
          && lane.isHungry(lane.time(clock))) {
        return true;
      }
    }
    return false;
  }

  private boolean isAnyAdmitted() {
    if (!mayAdmit || memory.left() <= 0 || !memory.shares().hasRoom()) {
      return false;
    }
    for (Lane lane : waiting.others()) {
      if (probes.lets(lane.webhookId())
          && memory.admits(lane)
          && lane.allowance(lane.time(clock)) > 0) {
        return true;
      }
    }
    mayAdmit = false;
    return false;
  }

  /**
   * What to claim, or null if there is no room.
   *
   * @param lanes all there are
   * @param changed gets those for which something may wait now
   */
  @Nullable
  ClaimRequest request(Collection<Lane> lanes, String after, Instant now, List<Lane> changed) {
    int room = Math.max(0, memory.room());
    Map<String, Integer> allowances = new HashMap<>();
    int most = room;
    for (Lane lane : waiting.quick()) {
      if (room == 0
          && probes.lets(lane.webhookId())
          && memory.enters(lane)
          && lane.allowance(now) > 0) {
        allowances.put(lane.webhookId(), 1);
        most++;
      }
    }
    List<Lane> others =
        waiting.others().stream().filter(lane -> probes.lets(lane.webhookId())).toList();
    Map<String, Integer> rations = Ration.of(memory.shares(), others, memory.left(), now);
    allowances.putAll(rations);
    most += rations.values().stream().mapToInt(Integer::intValue).sum();
    if (most == 0 || !probes.letsSome()) {
      noteMore();
      return null;
    }
    // Of a webhook that is not known one is tried, so that as many as possible are.
    int perWebhook = room > 0 ? 1 : 0;
    allow(lanes, allowances, room, perWebhook, now);
    if (overflow && !isTold) {
      // What overflows may be a lane's in which the claim will not look.
      isTold = true;
      lanes.stream()
          .filter(lane -> allowances.getOrDefault(lane.webhookId(), perWebhook) == 0)
          .forEach(changed::add);
    }
    overflow &= perWebhook == 0;
    changed.forEach(lane -> lane.setMore(true));
    Instant leaseUntil = now.plus(settings.lease());
    int max = Math.min(Math.min(most, memory.enough()), MAX_CLAIM);
    return probes.restrict(
        new ClaimRequest(now, leaseUntil, max, perWebhook, allowances, after, memory.claimBytes()));
  }

  /** Tells how much of each webhook may be claimed, where it is not as much as of any. */
  private static void allow(
      Collection<Lane> lanes,
      Map<String, Integer> allowances,
      int room,
      int perWebhook,
      Instant now) {
    int given = 0;
    for (Lane lane : lanes) {
      int allowance = allowances.getOrDefault(lane.webhookId(), 0);
      if (lane.isQuick() && room > 0) {
        int most = lane.held() == 0 && given >= room ? perWebhook : room;
        allowance = Math.min(most, lane.allowance(now));
        given += allowance;
      }
      if (allowance == perWebhook) {
        allowances.remove(lane.webhookId());
      } else {
        allowances.put(lane.webhookId(), allowance);
      }
    }
  }

  /**
   * Notes where a claim met a limit, so that there may be more.
   *
   * @param changed gets the lanes for which something waits, or nothing any more
   */
  void claimed(
      ClaimRequest request,
      Map<String, Integer> counts,
      int total,
      Function<String, Lane> lanes,
      List<Lane> changed) {
    boolean full = total >= request.max();
    if (full) {
      noteMore();
    }
    isCrowded = refused > total / 2;
    refused = 0;
    counts.forEach((webhookId, count) -> {
      Lane lane = lanes.apply(webhookId);
      boolean wasRefused = lane.wasRefused();
      lane.setMore(full || wasRefused || count >= request.allowance(webhookId));
      waiting.toTheEnd(lane);
      changed.add(lane);
    });
    if (full) {
      return;
    }
    for (Lane lane : waiting.all()) {
      if (request.allowance(lane.webhookId()) > 0 && !counts.containsKey(lane.webhookId())) {
        lane.setMore(false);
        changed.add(lane);
      }
    }
  }

  /** What was claimed while all was on hold tells nothing of what there is room for. */
  void goOn() {
    noteMore();
    isCrowded = false;
  }
}
