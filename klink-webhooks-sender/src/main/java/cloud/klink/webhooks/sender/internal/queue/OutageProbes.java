package cloud.klink.webhooks.sender.internal.queue;

import cloud.klink.webhooks.internal.Durations;
import cloud.klink.webhooks.sender.policy.OutagePolicy;
import cloud.klink.webhooks.sender.storage.ClaimRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may be claimed during an outage. A webhook that failed in the outage rests. A few resting
 * webhooks are probed at growing intervals, those that have answered before first. Other webhooks
 * are claimed as usual; but while no endpoint has answered yet, or too many rest to be remembered,
 * webhooks that have never answered are claimed at a limited rate. On a node that no endpoint has
 * answered, all are probed at that rate again and again. Used by {@link DispatchQueue} only, under
 * its lock.
 */
final class OutageProbes {
  /** How many resting webhooks are remembered. */
  static final int MAX_RESTING = 1_000;

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final int COUNT = 3;
  private static final Duration TICK = Duration.ofMillis(500);
  private static final int COUNT_OF_TICK =
      (int) (OutagePolicy.PROBE_RATE * TICK.toMillis() / 1_000);

  private final Duration longest;
  private final Set<String> throttled = new LinkedHashSet<>();
  private Set<String> answered = Set.of();
  private boolean on;
  private long since;
  private Duration delay = FIRST;
  private Instant nextRound = Instant.MAX;
  private Instant nextTick = Instant.MAX;

  /** How many resting webhooks, and how many of those with a limited rate, may be claimed. */
  private int ofResting;

  private int ofOthers;
  private boolean answeredFirst;
  private String after = "";
  private @Nullable ClaimRequest asked;

  OutageProbes(Duration longest) {
    this.longest = longest;
  }

  /**
   * An outage begins. Claims from before this epoch are not probes.
   *
   * @param webhookIds those that have answered; empty if none has answered this node yet
   */
  void begin(long epoch, Instant now, Set<String> webhookIds) {
    on = true;
    since = epoch;
    answered = webhookIds;
    throttled.clear();
    ofResting = 0;
    ofOthers = 0;
    delay = FIRST;
    nextRound = now.plus(FIRST);
    nextTick = now.plus(TICK);
  }

  void end() {
    on = false;
    throttled.clear();
  }

  boolean areOn() {
    return on;
  }

  /** Whether no endpoint has answered this node yet. */
  boolean isFresh() {
    return on && answered.isEmpty();
  }

  /** A webhook has failed in the outage. */
  void rest(String webhookId) {
    if (on && throttled.size() < MAX_RESTING) {
      throttled.add(webhookId);
    }
  }

  /** Whether webhooks that have never answered are claimed at a limited rate. */
  private boolean isLimited() {
    return answered.isEmpty() || throttled.size() >= MAX_RESTING;
  }

  /** Whether a webhook's deliveries are claimed and sent as usual. */
  boolean lets(String webhookId) {
    return !on
        || (!throttled.contains(webhookId) && (!isLimited() || answered.contains(webhookId)));
  }

  /** Whether anything but probes is claimed. */
  boolean letsSome() {
    return !on || !isLimited() || !throttled.containsAll(answered);
  }

  /** Whether a delivery claimed at that epoch may be sent. */
  boolean take(String webhookId, long claimedAt) {
    if (lets(webhookId)) {
      return true;
    }
    boolean rests = throttled.contains(webhookId);
    if (claimedAt < since || (rests ? ofResting : ofOthers) == 0) {
      return false;
    }
    if (rests) {
      ofResting--;
    } else {
      ofOthers--;
    }
    after = webhookId;
    return true;
  }

  /** Whether it is time to claim probes. */
  boolean areWanted(Instant now) {
    if (!on) {
      return false;
    }
    if (isDue(nextRound, now, longest)) {
      delay = Durations.min(delay.multipliedBy(2), longest);
      nextRound = now.plus(delay);
      if (answered.isEmpty()) {
        throttled.clear();
      } else if (!throttled.isEmpty()) {
        ofResting = COUNT;
        answeredFirst = true;
      }
    }
    if (isDue(nextTick, now, TICK)) {
      nextTick = now.plus(TICK);
      ofOthers = isLimited() ? COUNT_OF_TICK : 0;
    }
    return ofResting > 0 || ofOthers > 0;
  }

  /** A clock that was set back must not make it last longer. */
  private static boolean isDue(Instant time, Instant now, Duration longest) {
    return !now.isBefore(time) || time.isAfter(now.plus(longest));
  }

  /** When probes are wanted next; null if there is no outage. */
  @Nullable
  Instant next() {
    if (!on) {
      return null;
    }
    return isLimited() && nextTick.isBefore(nextRound) ? nextTick : nextRound;
  }

  /** One delivery of each webhook, except webhooks that have something on this node. */
  ClaimRequest demand(
      Instant now, Instant leaseUntil, Collection<WebhookQueue> queues, long maxBytes) {
    Map<String, Integer> allowances = new HashMap<>();
    boolean ofRest = ofResting > 0;
    throttled.forEach(webhookId -> allowances.put(webhookId, ofRest ? 1 : 0));
    if (ofRest && answeredFirst) {
      allowances.keySet().retainAll(answered);
    }
    if (!ofRest) {
      answered.forEach(webhookId -> allowances.put(webhookId, 0));
    }
    for (WebhookQueue queue : queues) {
      if (!queue.isEmpty() || queue.allowance(now) == 0) {
        allowances.put(queue.webhookId(), 0);
      }
    }
    ClaimRequest request = new ClaimRequest(
        now,
        leaseUntil,
        ofRest ? ofResting : ofOthers,
        ofRest ? 0 : 1,
        allowances,
        after,
        maxBytes);
    asked = request;
    return request;
  }

  /** Excludes webhooks that rest or have a limited rate from an ordinary claim. */
  ClaimRequest restrict(ClaimRequest request) {
    if (!on) {
      return request;
    }
    Map<String, Integer> allowances = new HashMap<>(request.allowances());
    int perWebhook = request.perWebhook();
    if (isLimited()) {
      allowances.keySet().retainAll(answered);
      answered.forEach(webhookId -> allowances.putIfAbsent(webhookId, request.perWebhook()));
      perWebhook = 0;
    }
    throttled.forEach(webhookId -> allowances.put(webhookId, 0));
    return new ClaimRequest(
        request.now(),
        request.leaseUntil(),
        request.max(),
        perWebhook,
        allowances,
        request.after(),
        request.maxBytes());
  }

  /**
   * A claim was made. Once all webhooks were visited, there are no more probes until the next time.
   *
   * @return whether it was one of probes
   */
  @SuppressWarnings("ReferenceEquality") // An ordinary claim may ask for the same.
  boolean claimed(ClaimRequest request) {
    if (request != asked) {
      return false;
    }
    asked = null;
    if (request.perWebhook() > 0) {
      ofOthers = 0;
    } else if (answeredFirst) {
      answeredFirst = false;
    } else {
      ofResting = 0;
    }
    return true;
  }
}
