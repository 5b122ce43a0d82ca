package cloud.klink.webhooks.sender.dispatch;

import cloud.klink.webhooks.sender.storage.ClaimRequest;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may be claimed while the lanes are on hold: a few deliveries of different webhooks each
 * time, of those that answered lately if they have any, for else the dead would have to be asked
 * first. Used by {@link Lanes} only, under its lock.
 */
final class Probes {
  private boolean on;
  private long since;
  private int allowed;
  private Set<String> first = Set.of();

  /** Begins to hold. What was claimed before this epoch is none of the probes. */
  void begin(long epoch) {
    on = true;
    since = epoch;
    allowed = 0;
  }

  void end() {
    on = false;
  }

  boolean areOn() {
    return on;
  }

  /** So many may be claimed, instead of those that are left from before. */
  void allow(int count, Set<String> webhookIds) {
    if (on) {
      allowed = count;
      first = webhookIds;
    }
  }

  boolean areWanted() {
    return on && allowed > 0;
  }

  /** Whether what was claimed then may be sent. */
  boolean take(long claimedAt) {
    if (!on) {
      return true;
    }
    boolean takes = allowed > 0 && claimedAt >= since;
    allowed -= takes ? 1 : 0;
    return takes;
  }

  /** One delivery of each webhook, and none of those that have something on this node. */
  @Nullable
  ClaimRequest demand(Instant now, Instant leaseUntil, String after, Collection<Lane> lanes) {
    if (!areWanted()) {
      return null;
    }
    int perWebhook = first.isEmpty() ? 1 : 0;
    Map<String, Integer> allowances = new HashMap<>();
    first.forEach(webhookId -> allowances.put(webhookId, 1));
    for (Lane lane : lanes) {
      if (!lane.isEmpty() || lane.allowance(now) == 0) {
        allowances.put(lane.webhookId(), 0);
      }
    }
    first = Set.of();
    return new ClaimRequest(now, leaseUntil, allowed, perWebhook, allowances, after);
  }

  /** After all webhooks were asked, there is nothing more until the next time. */
  void claimed(ClaimRequest request) {
    if (request.perWebhook() > 0) {
      allowed = 0;
    }
  }
}
