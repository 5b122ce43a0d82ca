package cloud.klink.webhooks.sender.internal.queue;

import cloud.klink.webhooks.sender.internal.tasks.DispatchSettings;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import cloud.klink.webhooks.sender.storage.ClaimedDelivery;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /** Webhooks of which deliveries were noted since the last claim began. */
  private final Set<String> noted = new HashSet<>();

  private int refused;
  private boolean overflow;

  /** Whether the queues have been marked as possible owners of deliveries that did not fit. */
  private boolean areQueuesMarked;

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

  /** Notes that unclaimed deliveries are due in the storage. */
  void noteMore() {
    overflow = true;
    areQueuesMarked = false;
  }

  /** Notes that unclaimed deliveries of a webhook are due, which the current claim may not find. */
  void noteMore(WebhookQueue queue) {
    queue.setMore(true);
    noted.add(queue.webhookId());
  }

  /** Counts a claimed delivery for which there was no room. */
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

  /** Whether a claim now would return deliveries that are known to wait, and enough of them. */
  boolean shouldClaim() {
    int room = memory.room();
    isCrowded &= !memory.shares().hasRoomForNew();
    boolean overflows = overflow
        && probes.allowsAny()
        && !isCrowded
        && (memory.queued() == 0 || memory.hasRoomForClaim());
    return (room > 0 && overflows) || shouldClaimQuick(room) || isAnyAdmitted();
  }

  private boolean shouldClaimQuick(int room) {
    for (WebhookQueue queue : waiting.quick()) {
      if (probes.allows(queue.webhookId())
          && (room > 0 || memory.hasGuaranteedPlace(queue))
          && queue.shouldClaim(queue.time(clock))) {
        return true;
      }
    }
    return false;
  }

  private boolean isAnyAdmitted() {
    if (!mayAdmit || memory.remaining() <= 0 || !memory.shares().hasRoom()) {
      return false;
    }
    boolean isBesideNew =
        waiting.others().stream().anyMatch(one -> one.isUntried() && canClaim(one));
    mayAdmit =
        waiting.others().stream().anyMatch(one -> isAdmitted(one, isBesideNew) && canClaim(one));
    return mayAdmit;
  }

  private boolean canClaim(WebhookQueue queue) {
    return probes.allows(queue.webhookId()) && queue.allowance(queue.time(clock)) > 0;
  }

  private boolean isAdmitted(WebhookQueue queue, boolean isBesideNew) {
    if (isBesideNew && !queue.isUntried()) {
      return memory.admitsBesideNew(queue);
    }
    return memory.admitsClaimed(queue, false);
  }

  /**
   * The next claim, or null if there is no room.
   *
   * @param queues all queues
   * @param changed receives the queues that may now have deliveries waiting
   */
  @Nullable
  ClaimRequest request(
      Collection<WebhookQueue> queues, String after, Instant now, List<WebhookQueue> changed) {
    startedAt = hasClaimed ? startedAt : now;
    hasClaimed = true;
    noted.clear();
    int room = Math.max(0, memory.room());
    Map<String, Integer> allowances = new HashMap<>();
    int max = room;
    for (WebhookQueue queue : waiting.quick()) {
      if (room == 0
          && probes.allows(queue.webhookId())
          && memory.hasGuaranteedPlace(queue)
          && queue.allowance(now) > 0) {
        allowances.put(queue.webhookId(), 1);
        max++;
      }
    }
    List<WebhookQueue> others = waiting.others().stream()
        .filter(queue -> probes.allows(queue.webhookId()))
        .toList();
    Map<String, Integer> shares = ClaimShares.of(memory.shares(), others, memory.remaining(), now);
    allowances.putAll(shares);
    max += shares.values().stream().mapToInt(Integer::intValue).sum();
    if (max == 0 || !probes.allowsAny()) {
      noteMore();
      return null;
    }
    // One delivery of each unknown webhook, so that as many webhooks as possible are tried.
    int perWebhook = room > 0 ? 1 : 0;
    allow(queues, allowances, room, perWebhook, now);
    if (overflow && !areQueuesMarked) {
      // Deliveries that did not fit may belong to a queue that this claim skips.
      areQueuesMarked = true;
      queues.stream()
          .filter(queue -> allowances.getOrDefault(queue.webhookId(), perWebhook) == 0)
          .forEach(changed::add);
    }
    overflow &= perWebhook == 0;
    changed.forEach(queue -> queue.setMore(true));
    Instant leaseUntil = now.plus(settings.lease());
    int limit = Math.min(Math.min(max, memory.usualClaimSize()), MAX_CLAIM);
    return probes.restrict(new ClaimRequest(
        now, leaseUntil, limit, perWebhook, allowances, after, memory.claimBytes()));
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
        int max = queue.held() == 0 && given >= room ? perWebhook : room;
        allowance = Math.min(max, queue.allowance(now));
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
   * Notes the result of a claim, and where it reached a limit, so that more deliveries may be
   * waiting.
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
      queue.setMore(
          full || wasRefused || noted.contains(webhookId) || count >= request.allowance(webhookId));
      waiting.moveToEnd(queue);
      changed.add(queue);
    });
    if (full) {
      return;
    }
    for (WebhookQueue queue : waiting.all()) {
      String webhookId = queue.webhookId();
      boolean mayHaveMore = noted.contains(webhookId) || counts.containsKey(webhookId);
      if (request.allowance(webhookId) > 0 && !mayHaveMore) {
        queue.setMore(false);
        changed.add(queue);
      }
    }
  }

  /** Ends an outage: claims during it do not show how much room there is now. */
  void endOutage() {
    noteMore();
    isCrowded = false;
  }
}
