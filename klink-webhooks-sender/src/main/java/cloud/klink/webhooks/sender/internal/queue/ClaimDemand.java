package cloud.klink.webhooks.sender.internal.queue;

import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What to claim, and whether there is reason to. Used by {@link DispatchQueue} only, under its
 * lock.
 */
final class ClaimDemand {
  private static final int MAX_CLAIM = 500;

  private final DispatchSettings settings;
  private final QueueCapacity memory;
  private final OutageProbes probes;
  private final Supplier<Instant> clock;
  private final BackloggedQueues waiting = new BackloggedQueues();
  private int refused;
  private boolean overflow;

  /** Whether the queues were told that what overflows may be theirs. */
  private boolean isTold;

  private boolean isCrowded;
  private boolean mayAdmit;
  private boolean hasClaimed;

  /** When the first claim was made; before that, when all began. */
  private Instant startedAt;

  ClaimDemand(
      DispatchSettings settings,
      QueueCapacity memory,
      OutageProbes probes,
      Supplier<Instant> clock) {
    this.settings = settings;
    this.memory = memory;
    this.probes = probes;
    this.clock = clock;
    this.startedAt = clock.get();
  }

  /** Whether a delivery was published since this node claims, and not before. */
  boolean isFresh(ClaimedDelivery delivery) {
    return delivery.attempts() == 0 && !delivery.dueAt().isBefore(startedAt);
  }

  /** Deliveries are due in the storage that no node has claimed. */
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
   * Notes whether something waits for a queue.
   *
   * @param changes whether what it takes of the shares has changed
   */
  void put(WebhookQueue queue, boolean waits, boolean changes) {
    mayAdmit |= waiting.put(queue, waits) || changes;
  }

  /** Whether a claim now would bring something that is known to wait, and enough of it. */
  boolean isHungry() {
    int room = memory.room();
    isCrowded &= !memory.shares().hasRoomForNew();
    boolean overflows =
        overflow && probes.letsSome() && !isCrowded && (memory.queued() == 0 || memory.isWide());
    return (room > 0 && overflows) || isAnyHungry(room) || isAnyAdmitted();
  }

  private boolean isAnyHungry(int room) {
    for (WebhookQueue queue : waiting.quick()) {
      if (probes.lets(queue.webhookId())
          && (room > 0 || memory.enters(queue))
          && queue.isHungry(queue.time(clock))) {
        return true;
      }
    }
    return false;
  }

  private boolean isAnyAdmitted() {
    if (!mayAdmit || memory.left() <= 0 || !memory.shares().hasRoom()) {
      return false;
    }
    boolean isBesideNew = waiting.others().stream().anyMatch(one -> one.isUntried() && isAble(one));
    mayAdmit =
        waiting.others().stream().anyMatch(one -> isAdmitted(one, isBesideNew) && isAble(one));
    return mayAdmit;
  }

  private boolean isAble(WebhookQueue queue) {
    return probes.lets(queue.webhookId()) && queue.allowance(queue.time(clock)) > 0;
  }

  private boolean isAdmitted(WebhookQueue queue, boolean isBesideNew) {
    if (isBesideNew && !queue.isUntried()) {
      return memory.admitsBesideNew(queue);
    }
    return memory.takes(queue, false);
  }

  /**
   * What to claim, or null if there is no room.
   *
   * @param queues all there are
   * @param changed gets those for which something may wait now
   */
  @Nullable
  ClaimRequest request(
      Collection<WebhookQueue> queues, String after, Instant now, List<WebhookQueue> changed) {
    startedAt = hasClaimed ? startedAt : now;
    hasClaimed = true;
    int room = Math.max(0, memory.room());
    Map<String, Integer> allowances = new HashMap<>();
    int most = room;
    for (WebhookQueue queue : waiting.quick()) {
      if (room == 0
          && probes.lets(queue.webhookId())
          && memory.enters(queue)
          && queue.allowance(now) > 0) {
        allowances.put(queue.webhookId(), 1);
        most++;
      }
    }
    List<WebhookQueue> others = waiting.others().stream()
        .filter(queue -> probes.lets(queue.webhookId()))
        .toList();
    Map<String, Integer> rations = ClaimShares.of(memory.shares(), others, memory.left(), now);
    allowances.putAll(rations);
    most += rations.values().stream().mapToInt(Integer::intValue).sum();
    if (most == 0 || !probes.letsSome()) {
      noteMore();
      return null;
    }
    // Of a webhook that is not known one is tried, so that as many as possible are.
    int perWebhook = room > 0 ? 1 : 0;
    allow(queues, allowances, room, perWebhook, now);
    if (overflow && !isTold) {
      // What overflows may be a queue's in which the claim will not look.
      isTold = true;
      queues.stream()
          .filter(queue -> allowances.getOrDefault(queue.webhookId(), perWebhook) == 0)
          .forEach(changed::add);
    }
    overflow &= perWebhook == 0;
    changed.forEach(queue -> queue.setMore(true));
    Instant leaseUntil = now.plus(settings.lease());
    int max = Math.min(Math.min(most, memory.enough()), MAX_CLAIM);
    return probes.restrict(
        new ClaimRequest(now, leaseUntil, max, perWebhook, allowances, after, memory.claimBytes()));
  }

  /** Tells how much of each webhook may be claimed, where it is not as much as of any. */
  private static void allow(
      Collection<WebhookQueue> queues,
      Map<String, Integer> allowances,
      int room,
      int perWebhook,
      Instant now) {
    int given = 0;
    for (WebhookQueue queue : queues) {
      int allowance = allowances.getOrDefault(queue.webhookId(), 0);
      if (queue.isQuick() && room > 0) {
        int most = queue.held() == 0 && given >= room ? perWebhook : room;
        allowance = Math.min(most, queue.allowance(now));
        given += allowance;
      }
      if (allowance == perWebhook) {
        allowances.remove(queue.webhookId());
      } else {
        allowances.put(queue.webhookId(), allowance);
      }
    }
  }

  /**
   * Notes where a claim met a limit, so that there may be more.
   *
   * @param changed gets the queues for which something waits, or nothing any more
   */
  void claimed(
      ClaimRequest request,
      Map<String, Integer> counts,
      int total,
      Function<String, WebhookQueue> queues,
      List<WebhookQueue> changed) {
    boolean full = total >= request.max();
    if (full) {
      noteMore();
    }
    isCrowded = refused > total / 2;
    refused = 0;
    counts.forEach((webhookId, count) -> {
      WebhookQueue queue = queues.apply(webhookId);
      boolean wasRefused = queue.wasRefused();
      queue.setMore(full || wasRefused || count >= request.allowance(webhookId));
      waiting.toTheEnd(queue);
      changed.add(queue);
    });
    if (full) {
      return;
    }
    for (WebhookQueue queue : waiting.all()) {
      if (request.allowance(queue.webhookId()) > 0 && !counts.containsKey(queue.webhookId())) {
        queue.setMore(false);
        changed.add(queue);
      }
    }
  }

  /** What was claimed while all was on hold tells nothing of what there is room for. */
  void goOn() {
    noteMore();
    isCrowded = false;
  }
}
