package cloud.klink.webhooks.sender.internal.queue;

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
 * What may be claimed during an outage. A webhook that failed in it rests, and a few of those that
 * rest are probed at growing intervals, those that have answered first. Any other webhook is
 * claimed as ever; but while no endpoint has answered yet, or too many rest to be remembered, those
 * that have never answered are claimed at a limited rate. On a node that none has answered, all are
 * probed at that rate again and again. Used by {@link DispatchQueue} only, under its lock.
 */
final class OutageProbes {
  /** So many webhooks that rest are remembered. */
  static final int MAX_RESTING = 1_000;

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final int COUNT = 3;
  private static final Duration TICK = Duration.ofMillis(500);
  private static final int COUNT_OF_TICK =
      (int) (OutagePolicy.PROBE_RATE * TICK.toMillis() / 1_000);

  private final Duration longest;
  private final Set<String> resting = new LinkedHashSet<>();
  private Set<String> answered = Set.of();
  private boolean on;
  private long since;
  private Duration delay = FIRST;
  private Instant nextRound = Instant.MAX;
  private Instant nextTick = Instant.MAX;

  /** How many of those that rest, and how many of those of limited rate, may be claimed. */
  private int ofResting;

  private int ofOthers;
  private boolean answeredFirst;
  private String after = "";
  private @Nullable ClaimRequest asked;

  OutageProbes(Duration longest) {
    this.longest = longest;
  }

  /**
   * An outage begins. What was claimed before this epoch is no probe.
   *
   * @param webhookIds those that have answered; empty if none has answered this node yet
   */
  void begin(long epoch, Instant now, Set<String> webhookIds) {
    on = true;
    since = epoch;
    answered = webhookIds;
    resting.clear();
    ofResting = 0;
    ofOthers = 0;
    delay = FIRST;
    nextRound = now.plus(FIRST);
    nextTick = now.plus(TICK);
  }

  void end() {
    on = false;
    resting.clear();
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
    if (on && resting.size() < MAX_RESTING) {
      resting.add(webhookId);
    }
  }

  /** Whether webhooks that have never answered are claimed at a limited rate. */
  private boolean isLimited() {
    return answered.isEmpty() || resting.size() >= MAX_RESTING;
  }

  /** Whether a webhook's deliveries are claimed and sent as ever. */
  boolean lets(String webhookId) {
    return !on || (!resting.contains(webhookId) && (!isLimited() || answered.contains(webhookId)));
  }

  /** Whether anything is claimed but probes. */
  boolean letsSome() {
    return !on || !isLimited() || !resting.containsAll(answered);
  }

  /** Whether what was claimed then may be sent. */
  boolean take(String webhookId, long claimedAt) {
    if (lets(webhookId)) {
      return true;
    }
    boolean rests = resting.contains(webhookId);
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

  /** Whether it is time for probes, which are to be claimed. */
  boolean areWanted(Instant now) {
    if (!on) {
      return false;
    }
    if (isDue(nextRound, now, longest)) {
      delay = min(delay.multipliedBy(2));
      nextRound = now.plus(delay);
      if (answered.isEmpty()) {
        resting.clear();
      } else if (!resting.isEmpty()) {
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

  private Duration min(Duration time) {
    return time.compareTo(longest) < 0 ? time : longest;
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

  /** One delivery of each webhook, and none of those that have something on this node. */
  ClaimRequest demand(
      Instant now, Instant leaseUntil, Collection<WebhookQueue> queues, long maxBytes) {
    Map<String, Integer> allowances = new HashMap<>();
    boolean ofRest = ofResting > 0;
    resting.forEach(webhookId -> allowances.put(webhookId, ofRest ? 1 : 0));
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

  /** Takes nothing that rests or is of limited rate into an ordinary claim. */
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
    resting.forEach(webhookId -> allowances.put(webhookId, 0));
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
   * A claim was made. After all webhooks were asked, there is nothing more until the next time.
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
