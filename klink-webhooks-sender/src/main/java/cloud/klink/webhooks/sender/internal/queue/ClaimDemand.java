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
 * Decides whether to claim, and how much for which webhook. Used by {@link DispatchQueue} only,
 * under its lock.
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

  /** Whether the queues were marked as possible owners of deliveries that did not fit. */
  private boolean isTold;

  private boolean isCrowded;
  private boolean mayAdmit;
  private boolean hasClaimed;

  /** When the first claim was made; until then, when this was created. */
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

  /** Whether a delivery was published after this node's first claim. */
  boolean isFresh(ClaimedDelivery delivery) {
    return delivery.attempts() == 0 && !delivery.dueAt().isBefore(startedAt);
  }

  /** Deliveries are due in the storage that no node has claimed. */
  void noteMore() {
    overflow = true;
    isTold = false;
  }

  /** There was no room for a claimed delivery. */
  void refused() {
    refused++;
  }

  /** Whether deliveries may be waiting in the storage for room on this node. */
  boolean isAnyWaiting() {
    return overflow || !waiting.quick().isEmpty();
  }

  /** Whether deliveries of a webhook that is not quick are waiting in the storage. */
  boolean isOtherWaiting() {
    return !waiting.others().isEmpty();
  }

  /**
   * Records whether deliveries of a queue are waiting in the storage.
   *
   * @param changes whether its use of the shared slots has changed
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
   * @param changed receives the queues that may now have deliveries waiting
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
    // One delivery of each unknown webhook, so that as many webhooks as possible are tried.
    int perWebhook = room > 0 ? 1 : 0;
    allow(queues, allowances, room, perWebhook, now);
    if (overflow && !isTold) {
      // Deliveries that did not fit may belong to a queue that this claim skips.
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

  /** Sets the allowance of each webhook that differs from the default. */
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
   * @param changed receives the queues that now have deliveries waiting, or no longer have any
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

  /** Claims made during the outage say nothing about the room there is now. */
  void goOn() {
    noteMore();
    isCrowded = false;
  }
}
